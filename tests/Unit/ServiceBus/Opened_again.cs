using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.ServiceBus;

/// <summary>What a broker has acknowledged is there when its file is opened again, and nothing of it twice.</summary>
public sealed class Opened_again : IAsyncLifetime
{
    private static readonly Topology Entities = Topology.Read(ServiceBusConformance.TopologyFile);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFile _file = new();

    private Broker _broker = null!;
    private ServiceBusClient _client = null!;

    public Task InitializeAsync() => OpenAsync(Entities);

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _file.Delete();
    }

    [Fact]
    public async Task It_has_every_message_once_and_in_order()
    {
        await using var sender = _client.CreateSender("plain");
        for (var number = 0; number < 100; number++) await sender.SendMessageAsync(new ServiceBusMessage($"{number}") { Subject = "s", ApplicationProperties = { ["n"] = number } });
        await using var receiver = _client.CreateReceiver("plain");
        foreach (var message in await receiver.ReceiveMessagesAsync(40)) await receiver.CompleteMessageAsync(message);

        await ReopenAsync();

        var left = await _client.CreateReceiver("plain").ReceiveMessagesAsync(1_000);
        Assert.Equal(Enumerable.Range(40, 60), left.Select(message => (int)message.ApplicationProperties["n"]));
        Assert.All(left, message => Assert.Equal(("s", 1), (message.Subject, message.DeliveryCount)));
    }

    [Fact]
    public async Task What_was_locked_is_free_at_once_and_has_been_delivered_once_more()
    {
        await SendAsync("plain", "a");
        var before = await _client.CreateReceiver("plain").ReceiveMessageAsync();

        await ReopenAsync();

        var after = (await _client.CreateReceiver("plain").ReceiveMessageAsync())!;
        Assert.Equal((before!.SequenceNumber, before.EnqueuedTime, 2), (after.SequenceNumber, after.EnqueuedTime, after.DeliveryCount));
    }

    [Fact]
    public async Task A_message_that_ends_the_process_each_time_is_dead_lettered_in_the_end()
    {
        await SendAsync("plain", "a");
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            Assert.Equal(delivery, (await _client.CreateReceiver("plain").ReceiveMessageAsync())!.DeliveryCount);
            await ReopenAsync();
        }

        Assert.Null(await _client.CreateReceiver("plain").PeekMessageAsync());
        Assert.Equal("MaxDeliveryCountExceeded", (await _client.CreateReceiver("plain/$DeadLetterQueue").PeekMessageAsync())!.DeadLetterReason);
    }

    [Fact]
    public async Task Dead_letters_deferred_and_changed_messages_are_as_they_were()
    {
        await SendAsync("plain", "bury", "defer", "change");
        await using var receiver = _client.CreateReceiver("plain");
        var messages = await receiver.ReceiveMessagesAsync(3);
        await receiver.DeadLetterMessageAsync(messages[0], "Unreadable", "Not JSON.");
        await receiver.DeferMessageAsync(messages[1]);
        await receiver.AbandonMessageAsync(messages[2], new Dictionary<string, object> { ["tried"] = true });

        await ReopenAsync();

        await using var again = _client.CreateReceiver("plain");
        Assert.Equal("defer", (await again.ReceiveDeferredMessageAsync(messages[1].SequenceNumber)).Body.ToString());
        Assert.Equal(true, (await again.ReceiveMessageAsync())!.ApplicationProperties["tried"]);
        var dead = (await _client.CreateReceiver("plain/$DeadLetterQueue").ReceiveMessageAsync())!;
        Assert.Equal(("bury", "Unreadable", "Not JSON."), (dead.Body.ToString(), dead.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task Scheduled_messages_arrive_also_when_their_time_came_while_it_was_closed()
    {
        var at = _time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await using var sender = _client.CreateSender("plain");
        await sender.ScheduleMessageAsync(new ServiceBusMessage("queue"), at);
        await using var topic = _client.CreateSender("news");
        await topic.ScheduleMessageAsync(new ServiceBusMessage("topic"), at);

        await ReopenAsync();
        Assert.Equal(ServiceBusMessageState.Scheduled, (await _client.CreateReceiver("plain").PeekMessageAsync())!.State);
        await ReopenAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("queue", (await _client.CreateReceiver("plain").ReceiveMessageAsync())!.Body.ToString());
        Assert.Equal("topic", (await _client.CreateReceiver("news", "everything").ReceiveMessageAsync())!.Body.ToString());
    }

    [Fact]
    public async Task What_expired_while_it_was_closed_is_dead_lettered()
    {
        await using var sender = _client.CreateSender("plain");
        await sender.SendMessageAsync(new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromMinutes(1) });

        await ReopenAsync(TimeSpan.FromMinutes(2));

        Assert.Null(await _client.CreateReceiver("plain").PeekMessageAsync());
        Assert.Equal("TTLExpiredException", (await _client.CreateReceiver("plain/$DeadLetterQueue").PeekMessageAsync())!.DeadLetterReason);
    }

    [Fact]
    public async Task Message_ids_are_remembered_for_their_time()
    {
        await using var sender = _client.CreateSender("once");
        await sender.SendMessageAsync(new ServiceBusMessage("first") { MessageId = "m-1" });

        await ReopenAsync(TimeSpan.FromSeconds(50));
        await using var again = _client.CreateSender("once");
        await again.SendMessageAsync(new ServiceBusMessage("again") { MessageId = "m-1" });
        await ReopenAsync(TimeSpan.FromSeconds(11));
        await using var later = _client.CreateSender("once");
        await later.SendMessageAsync(new ServiceBusMessage("later") { MessageId = "m-1" });

        Assert.Equal(["first", "later"], (await _client.CreateReceiver("once").ReceiveMessagesAsync(10)).Select(message => message.Body.ToString()));
    }

    [Fact]
    public async Task Sessions_are_free_and_keep_their_state_and_order()
    {
        await using var sender = _client.CreateSender("sessions");
        await sender.SendMessagesAsync([new("1") { SessionId = "one" }, new("2") { SessionId = "one" }]);
        var before = await _client.AcceptSessionAsync("sessions", "one");
        await before.SetSessionStateAsync(BinaryData.FromString("state"));
        await before.ReceiveMessageAsync();

        await ReopenAsync();

        await using var after = await _client.AcceptNextSessionAsync("sessions");
        Assert.Equal("state", (await after.GetSessionStateAsync())!.ToString());
        Assert.Equal([("1", 2), ("2", 1)], (await after.ReceiveMessagesAsync(2)).Select(message => (message.Body.ToString(), message.DeliveryCount)));
    }

    [Fact]
    public async Task Sequence_numbers_go_on_even_when_nothing_is_left()
    {
        await SendAsync("plain", "a");
        await using var receiver = _client.CreateReceiver("plain");
        var before = (await receiver.ReceiveMessageAsync())!;
        await receiver.CompleteMessageAsync(before);

        await ReopenAsync();
        await SendAsync("plain", "b");

        Assert.True((await _client.CreateReceiver("plain").PeekMessageAsync())!.SequenceNumber > before.SequenceNumber);
    }

    [Fact]
    public async Task Messages_of_an_entity_that_is_not_listed_any_more_are_kept_and_warned_of()
    {
        await SendAsync("plain", "a", "b");
        await SendAsync("once", "c");
        var log = new CollectedLog();

        await ReopenAsync(Entities with { Queues = [.. Entities.Queues.Where(queue => queue.Name != "plain")] }, log.Factory);
        var warning = Assert.Single(log.Lines);
        Assert.Contains("'plain'", warning, StringComparison.Ordinal);
        Assert.Contains("2 messages", warning, StringComparison.Ordinal);
        Assert.Equal("c", (await _client.CreateReceiver("once").PeekMessageAsync())!.Body.ToString());
        var missing = await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync("plain", "d"));
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, missing.Reason);

        await ReopenAsync();
        Assert.Equal(["a", "b"], (await _client.CreateReceiver("plain").PeekMessagesAsync(10)).Select(message => message.Body.ToString()));
    }

    [Fact]
    public async Task Messages_without_a_session_are_buried_where_sessions_have_come_to_be_required()
    {
        await SendAsync("plain", "a");

        await ReopenAsync(Entities with { Queues = [.. Entities.Queues.Select(queue => queue with { RequiresSession = true })] });

        Assert.Equal("Session id is null.", (await _client.CreateReceiver("plain/$DeadLetterQueue").PeekMessageAsync())!.DeadLetterReason);
    }

    [Fact]
    public async Task It_is_opened_by_one_at_a_time()
    {
        var error = await Assert.ThrowsAsync<BrokerFileException>(() => Broker.OpenAsync(_file.Path, Entities, _time, NullLoggerFactory.Instance));

        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused()
    {
        var other = new TemporaryFile();
        await File.WriteAllTextAsync(other.Path, new string('x', 10_000));

        var error = await Assert.ThrowsAsync<BrokerFileException>(() => Broker.OpenAsync(other.Path, Entities, _time, NullLoggerFactory.Instance));

        Assert.Equal(other.Path, error.File);
        other.Delete();
    }

    private async Task SendAsync(string queue, params string[] bodies)
    {
        await using var sender = _client.CreateSender(queue);
        await sender.SendMessagesAsync(bodies.Select(body => new ServiceBusMessage(body)));
    }

    private async Task OpenAsync(Topology topology, ILoggerFactory? logs = null)
    {
        _broker = await Broker.OpenAsync(_file.Path, topology, _time, logs ?? NullLoggerFactory.Instance);
        _client = Connect(_broker);
    }

    private static EmbeddedServiceBusClient Connect(Broker broker) => new(broker);

    private Task ReopenAsync(TimeSpan closedFor = default) => ReopenAsync(Entities, null, closedFor);

    private async Task ReopenAsync(Topology topology, ILoggerFactory? logs = null, TimeSpan closedFor = default)
    {
        await _broker.DisposeAsync();
        _time.Advance(closedFor);
        await OpenAsync(topology, logs);
    }
}
