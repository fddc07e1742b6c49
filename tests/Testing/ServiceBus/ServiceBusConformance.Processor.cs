using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_processor_hands_out_messages_and_completes_them()
    {
        await SendAsync("plain", "a", "b", "c");
        var seen = new Collected<string>(Patience);
        await using var processor = Client.CreateProcessor("plain");
        processor.ProcessMessageAsync += args => seen.AddAsync(Body(args.Message));
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        Assert.Equal(["a", "b", "c"], await seen.WaitAsync(3));
        await processor.StopProcessingAsync();

        Assert.False(processor.IsProcessing);
        Assert.Null(await Client.CreateReceiver("plain").PeekMessageAsync());
    }

    [Fact]
    public async Task A_processor_abandons_what_its_handler_fails_on_and_reports_it()
    {
        await SendAsync("plain", "a");
        var (deliveries, errors) = (new Collected<int>(Patience), new Collected<ProcessErrorEventArgs>(Patience));
        await using var processor = Client.CreateProcessor("plain");
        processor.ProcessMessageAsync += async args =>
        {
            await deliveries.AddAsync(args.Message.DeliveryCount);
            throw new TimeoutException("refused by the test");
        };
        processor.ProcessErrorAsync += errors.AddAsync;

        await processor.StartProcessingAsync();
        Assert.Equal([1, 2, 3], await deliveries.WaitAsync(3));
        var error = (await errors.WaitAsync(3))[0];
        await processor.StopProcessingAsync();

        Assert.IsType<TimeoutException>(error.Exception);
        Assert.Equal((ServiceBusErrorSource.ProcessMessageCallback, "plain"), (error.ErrorSource, error.EntityPath));
        Assert.Equal("MaxDeliveryCountExceeded", (await ReceiveAsync(DeadLettersOf("plain"))).DeadLetterReason);
    }

    [Fact]
    public async Task A_processor_leaves_alone_what_its_handler_settled()
    {
        await SendAsync("plain", "complete", "bury", "defer");
        var (seen, errors) = (new Collected<string>(Patience), new Collected<ProcessErrorEventArgs>(Patience));
        await using var processor = Client.CreateProcessor("plain");
        processor.ProcessMessageAsync += async args =>
        {
            await (Body(args.Message) switch
            {
                "complete" => args.CompleteMessageAsync(args.Message),
                "bury" => args.DeadLetterMessageAsync(args.Message, "Unreadable"),
                _ => args.DeferMessageAsync(args.Message),
            });
            await seen.AddAsync(Body(args.Message));
        };
        processor.ProcessErrorAsync += errors.AddAsync;

        await processor.StartProcessingAsync();
        await seen.WaitAsync(3);
        await processor.StopProcessingAsync();

        Assert.Empty(errors.Items);
        Assert.Equal("defer", Body(Assert.Single(await Client.CreateReceiver("plain").PeekMessagesAsync(10))));
        Assert.Equal("bury", Body(Assert.Single(await DeadLettersOf("plain").PeekMessagesAsync(10))));
    }

    [Fact]
    public async Task Without_automatic_completion_an_unsettled_message_stays_locked()
    {
        await SendAsync("plain", "a");
        var seen = new Collected<string>(Patience);
        await using var processor = Client.CreateProcessor("plain", new ServiceBusProcessorOptions { AutoCompleteMessages = false });
        processor.ProcessMessageAsync += args => seen.AddAsync(Body(args.Message));
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        await seen.WaitAsync(1);
        await processor.StopProcessingAsync();

        await AssertEmptyAsync(Client.CreateReceiver("plain"));
        await AdvanceAsync(LockDuration + Moment);
        Assert.Equal(2, (await ReceiveAsync(Client.CreateReceiver("plain"))).DeliveryCount);
    }

    [Fact]
    public async Task A_processor_calls_as_many_handlers_at_once_as_it_may()
    {
        await SendAsync("plain", [.. Enumerable.Range(0, 12).Select(number => $"{number}")]);
        var (running, most, seen) = (0, 0, new Collected<string>(Patience));
        var three = new TaskCompletionSource();
        await using var processor = Client.CreateProcessor("plain", new ServiceBusProcessorOptions { MaxConcurrentCalls = 3, PrefetchCount = 4 });
        processor.ProcessMessageAsync += async args =>
        {
            var now = Interlocked.Increment(ref running);
            if (now >= 3) three.TrySetResult();
            await three.Task.WaitAsync(Patience);
            lock (seen) most = Math.Max(most, now);
            Interlocked.Decrement(ref running);
            await seen.AddAsync(Body(args.Message));
        };
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        Assert.Equal(12, (await seen.WaitAsync(12)).Distinct().Count());
        await processor.StopProcessingAsync();

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_free_handler_gets_what_was_prefetched_beside_a_busy_one()
    {
        await SendAsync("plain", "busy", "free");
        var (free, seen) = (new TaskCompletionSource(), new Collected<string>(Patience));
        await using var processor = Client.CreateProcessor("plain", new ServiceBusProcessorOptions { MaxConcurrentCalls = 2, PrefetchCount = 10 });
        processor.ProcessMessageAsync += async args =>
        {
            if (Body(args.Message) == "free") free.SetResult();
            await free.Task.WaitAsync(Patience);
            await seen.AddAsync(Body(args.Message));
        };
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        await seen.WaitAsync(2);
        await processor.StopProcessingAsync();
    }

    [Fact]
    public async Task Stopping_waits_for_the_handlers_under_way_and_takes_no_more()
    {
        await SendAsync("plain", "a", "b");
        var (entered, leave, seen) = (new TaskCompletionSource(), new TaskCompletionSource(), new Collected<bool>(Patience));
        await using var processor = Client.CreateProcessor("plain");
        processor.ProcessMessageAsync += async args =>
        {
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
            await seen.AddAsync(args.CancellationToken.IsCancellationRequested);
        };
        processor.ProcessErrorAsync += Unexpected;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        var stopping = processor.StopProcessingAsync();
        Assert.False(stopping.IsCompleted);
        leave.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.Equal([true], seen.Items);
        Assert.Equal(["b"], (await Client.CreateReceiver("plain").PeekMessagesAsync(10)).Select(Body));
    }

    [Fact]
    public async Task A_processor_can_be_started_again_but_not_twice_and_not_without_handlers()
    {
        await using var processor = Client.CreateProcessor("plain");
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        var seen = new Collected<string>(Patience);
        processor.ProcessMessageAsync += args => seen.AddAsync(Body(args.Message));
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        await processor.StopProcessingAsync();
        await processor.StartProcessingAsync();
        await SendAsync("plain", "a");

        Assert.Equal(["a"], await seen.WaitAsync(1));
        await processor.CloseAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => processor.StartProcessingAsync());
    }

    [Fact]
    public async Task A_processor_on_an_entity_that_does_not_exist_reports_it()
    {
        var errors = new Collected<ProcessErrorEventArgs>(Patience);
        await using var processor = Client.CreateProcessor("nowhere");
        processor.ProcessMessageAsync += _ => Task.CompletedTask;
        processor.ProcessErrorAsync += errors.AddAsync;

        await processor.StartProcessingAsync();
        var error = (await errors.WaitAsync(1))[0];
        await processor.StopProcessingAsync();

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, Assert.IsType<ServiceBusException>(error.Exception).Reason);
        Assert.Equal(ServiceBusErrorSource.Receive, error.ErrorSource);
    }

    private static Task Unexpected(ProcessErrorEventArgs args) => throw new InvalidOperationException("No error was expected.", args.Exception);
}
