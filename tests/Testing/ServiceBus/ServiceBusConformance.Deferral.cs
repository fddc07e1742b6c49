using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_deferred_message_is_received_by_its_number_only()
    {
        await SendAsync("plain", "a", "b");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);

        await receiver.DeferMessageAsync(message, new Dictionary<string, object> { ["waits for"] = "b" });

        Assert.Equal("b", Body(await ReceiveAsync(receiver)));
        await AssertEmptyAsync(receiver);
        var deferred = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber);
        Assert.Equal(("a", "b"), (Body(deferred), deferred.ApplicationProperties["waits for"]));
        await receiver.CompleteMessageAsync(deferred);
        await FailsAsync(ServiceBusFailureReason.MessageNotFound, false, () => receiver.ReceiveDeferredMessageAsync(message.SequenceNumber));
    }

    [Fact]
    public async Task A_deferred_message_that_is_given_back_stays_deferred()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(message);

        await receiver.AbandonMessageAsync(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber));

        await AssertEmptyAsync(receiver);
        Assert.Equal(ServiceBusMessageState.Deferred, (await receiver.PeekMessageAsync())!.State);
        Assert.Equal("a", Body(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber)));
    }

    [Fact]
    public async Task Deferred_messages_are_received_all_or_none()
    {
        await SendAsync("plain", "a", "b");
        await using var receiver = Client.CreateReceiver("plain");
        var messages = await receiver.ReceiveMessagesAsync(2);
        foreach (var message in messages) await receiver.DeferMessageAsync(message);
        var numbers = messages.Select(message => message.SequenceNumber).ToList();

        await FailsAsync(ServiceBusFailureReason.MessageNotFound, false, () => receiver.ReceiveDeferredMessagesAsync([.. numbers, 1_000_000]));

        Assert.Equal(["a", "b"], (await receiver.ReceiveDeferredMessagesAsync(numbers)).Select(Body));
    }

    [Fact]
    public async Task A_deferred_message_does_not_expire()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromSeconds(10) });
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(message);

        await AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("a", Body(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber)));
    }

    [Fact]
    public async Task A_deferred_message_of_a_session_is_received_in_it()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("one", "2"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");
        var message = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(message);
        await using var other = await Client.AcceptSessionAsync("sessions", "two");

        Assert.Equal("2", Body(await ReceiveAsync(receiver)));
        await FailsAsync(ServiceBusFailureReason.MessageNotFound, false, () => other.ReceiveDeferredMessageAsync(message.SequenceNumber));
        await receiver.CompleteMessageAsync(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber));
    }

    [Fact]
    public async Task A_deferred_message_can_be_dead_lettered()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(message);

        await receiver.DeadLetterMessageAsync(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber), "TooLate");

        var dead = await ReceiveAsync(DeadLettersOf("plain"));
        Assert.Equal(("TooLate", ServiceBusMessageState.Active), (dead.DeadLetterReason, dead.State));
    }

    [Fact]
    public async Task Peeking_shows_every_message_in_order_and_changes_none()
    {
        await SendAsync("plain", "locked", "deferred", "active");
        await using var receiver = Client.CreateReceiver("plain");
        await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(await ReceiveAsync(receiver));
        await SendAsync("plain", new ServiceBusMessage("scheduled") { ScheduledEnqueueTime = Now + Later });

        var peeked = await Client.CreateReceiver("plain").PeekMessagesAsync(10);

        Assert.Equal(["locked", "deferred", "active", "scheduled"], peeked.Select(Body));
        Assert.Equal([ServiceBusMessageState.Deferred, ServiceBusMessageState.Active, ServiceBusMessageState.Scheduled], peeked.Skip(1).Select(message => message.State));
        Assert.Equal(0, peeked[2].DeliveryCount);
        Assert.Equal(1, (await ReceiveAsync(receiver)).DeliveryCount);
    }

    [Fact]
    public async Task Peeking_goes_on_where_it_ended_or_starts_where_it_is_told()
    {
        await SendAsync("plain", "a", "b", "c");
        await using var receiver = Client.CreateReceiver("plain");

        var first = await receiver.PeekMessagesAsync(2);
        Assert.Equal(["a", "b"], first.Select(Body));
        Assert.Equal("c", Body((await receiver.PeekMessageAsync())!));
        Assert.Null(await receiver.PeekMessageAsync());
        Assert.Equal(["b", "c"], (await receiver.PeekMessagesAsync(10, first[1].SequenceNumber)).Select(Body));
    }

    [Fact]
    public async Task A_session_receiver_peeks_at_its_session()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("two", "a"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "two");

        Assert.Equal(["a"], (await receiver.PeekMessagesAsync(10)).Select(Body));
        Assert.Equal(["1", "a"], (await Client.CreateReceiver("sessions").PeekMessagesAsync(10)).Select(Body));
    }

    [Fact]
    public async Task What_was_peeked_at_cannot_be_settled()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var peeked = await receiver.PeekMessageAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.CompleteMessageAsync(peeked!));
    }
}
