using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class Collecting_a_batch
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly Queue<Func<int, TimeSpan?, IReadOnlyList<ServiceBusReceivedMessage>>> _answers = new();
    private readonly List<(int Most, TimeSpan? Wait)> _asked = [];

    [Fact]
    public async Task Takes_what_is_there_where_no_least_is_set()
    {
        _answers.Enqueue((_, _) => Messages(1));

        Assert.Single(await CollectAsync(least: 1));
        Assert.Equal([(10, null)], _asked);
    }

    [Fact]
    public async Task Waits_for_the_least_and_takes_no_more_than_the_most()
    {
        _answers.Enqueue((_, _) => Messages(2));
        _answers.Enqueue((_, _) => After(TimeSpan.FromSeconds(10), Messages(1)));
        _answers.Enqueue((_, _) => Messages(4));

        Assert.Equal(7, (await CollectAsync(least: 4)).Count);
        Assert.Equal([(10, null), (8, Wait), (7, TimeSpan.FromSeconds(20))], _asked);
    }

    [Fact]
    public async Task Gives_what_there_is_when_the_wait_is_over()
    {
        _answers.Enqueue((_, _) => Messages(2));
        _answers.Enqueue((_, wait) => After(wait!.Value, []));

        Assert.Equal(2, (await CollectAsync(least: 4)).Count);
    }

    [Fact]
    public async Task Gives_what_there_is_when_the_host_stops()
    {
        using var stopping = new CancellationTokenSource();
        _answers.Enqueue((_, _) => Messages(2));
        _answers.Enqueue((_, _) =>
        {
            stopping.Cancel();
            throw new OperationCanceledException(stopping.Token);
        });

        Assert.Equal(2, (await CollectAsync(least: 4, stopping.Token)).Count);
    }

    [Fact]
    public async Task Is_empty_when_nothing_comes()
    {
        _answers.Enqueue((_, _) => []);

        Assert.Empty(await CollectAsync(least: 4));
    }

    private Task<IReadOnlyList<ServiceBusReceivedMessage>> CollectAsync(int least, CancellationToken stopping = default)
    {
        var receiver = new Mock<ServiceBusReceiver>();
        receiver.Setup(r => r.ReceiveMessagesAsync(It.IsAny<int>(), It.IsAny<TimeSpan?>(), It.IsAny<CancellationToken>()))
            .Returns((int most, TimeSpan? wait, CancellationToken _) =>
            {
                _asked.Add((most, wait));
                return Task.FromResult(_answers.Dequeue()(most, wait));
            });
        var settings = new ServiceBusSettings { MaxMessageBatchSize = 10, MinMessageBatchSize = least, MaxBatchWaitTime = Wait };
        return new BatchCollector(settings, _time).CollectAsync(receiver.Object, null, stopping);
    }

    private IReadOnlyList<ServiceBusReceivedMessage> After(TimeSpan time, IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        _time.Advance(time);
        return messages;
    }

    private static List<ServiceBusReceivedMessage> Messages(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("body")))];
}
