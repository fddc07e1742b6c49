using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task The_messages_of_a_session_come_in_order_and_no_others()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("two", "a"), InSession("one", "2"), InSession("one", "3"));

        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");

        Assert.Equal(("one", "sessions"), (receiver.SessionId, receiver.EntityPath));
        Assert.InRange(receiver.SessionLockedUntil, Now + LockDuration - Moment, Now + LockDuration + Moment);
        Assert.Equal(["1", "2"], (await receiver.ReceiveMessagesAsync(2)).Select(Body));
        Assert.Equal("3", Body(await ReceiveAsync(receiver)));
        await AssertEmptyAsync(receiver);
    }

    [Fact]
    public async Task The_next_session_is_one_that_is_free_and_has_messages()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("two", "a"));

        await using var first = await Client.AcceptNextSessionAsync("sessions");
        await using var second = await Client.AcceptNextSessionAsync("sessions");

        Assert.Equal(["one", "two"], new[] { first.SessionId, second.SessionId }.Order());
    }

    [Fact]
    public async Task Whoever_waits_for_a_session_gets_the_one_that_a_message_begins()
    {
        var accepting = Client.AcceptNextSessionAsync("sessions");

        await SendAsync("sessions", InSession("one", "1"));

        await using var receiver = await accepting.WaitAsync(Patience);
        Assert.Equal("1", Body(await ReceiveAsync(receiver)));
    }

    [Fact]
    public async Task Without_a_session_waiting_ends_with_a_timeout()
    {
        var accepting = Client.AcceptNextSessionAsync("sessions");

        await AdvanceAsync(TimeSpan.FromMinutes(2));

        await FailsAsync(ServiceBusFailureReason.ServiceTimeout, true, () => accepting.WaitAsync(Patience));
    }

    [Fact]
    public async Task Waiting_for_a_session_can_be_cancelled_and_takes_none_with_it()
    {
        using var cancellation = new CancellationTokenSource();
        var accepting = Client.AcceptNextSessionAsync("sessions", cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        await SendAsync("sessions", InSession("one", "1"));

        await using var receiver = await Client.AcceptNextSessionAsync("sessions");
        Assert.Equal("one", receiver.SessionId);
    }

    [Fact]
    public async Task A_session_has_one_receiver_at_a_time()
    {
        await SendAsync("sessions", InSession("one", "1"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");

        await FailsAsync(ServiceBusFailureReason.SessionCannotBeLocked, false, () => Client.AcceptSessionAsync("sessions", "one"));
    }

    [Fact]
    public async Task A_closed_receiver_gives_its_session_back_and_what_it_held_uncounted()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("one", "2"));
        await using (var first = await Client.AcceptSessionAsync("sessions", "one")) await ReceiveAsync(first);

        await using var second = await Client.AcceptNextSessionAsync("sessions");

        Assert.Equal([("1", 1), ("2", 1)], (await second.ReceiveMessagesAsync(2)).Select(message => (Body(message), message.DeliveryCount)));
    }

    [Fact]
    public async Task A_session_whose_lock_expires_is_lost_with_all_that_was_received_in_it()
    {
        await SendAsync("sessions", InSession("one", "1"));
        await using var lost = await Client.AcceptSessionAsync("sessions", "one");
        var message = await ReceiveAsync(lost);

        await AdvanceAsync(LockDuration + Moment);

        await FailsAsync(ServiceBusFailureReason.SessionLockLost, false, () => lost.CompleteMessageAsync(message));
        await FailsAsync(ServiceBusFailureReason.SessionLockLost, false, () => lost.RenewSessionLockAsync());
        await FailsAsync(ServiceBusFailureReason.SessionLockLost, false, () => lost.GetSessionStateAsync());
        await FailsAsync(ServiceBusFailureReason.SessionLockLost, false, () => lost.ReceiveMessageAsync(Moment));
        Assert.True(lost.IsClosed);
        await using var next = await Client.AcceptNextSessionAsync("sessions");
        Assert.Equal(2, (await ReceiveAsync(next)).DeliveryCount);
    }

    [Fact]
    public async Task A_renewed_session_holds_with_all_that_was_received_in_it()
    {
        await SendAsync("sessions", InSession("one", "1"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");
        var message = await ReceiveAsync(receiver);
        await AdvanceAsync(LockDuration / 2);

        await receiver.RenewSessionLockAsync();

        Assert.InRange(receiver.SessionLockedUntil, Now + LockDuration - Moment, Now + LockDuration + Moment);
        await AdvanceAsync(LockDuration - (2 * Moment));
        await receiver.CompleteMessageAsync(message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.RenewMessageLockAsync(message));
    }

    [Fact]
    public async Task An_abandoned_message_of_a_session_comes_before_those_after_it()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("one", "2"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");

        await receiver.AbandonMessageAsync(await ReceiveAsync(receiver));

        Assert.Equal(["1", "2"], (await receiver.ReceiveMessagesAsync(2)).Select(Body));
    }

    [Fact]
    public async Task A_session_keeps_a_state_until_it_is_cleared()
    {
        await using (var receiver = await Client.AcceptSessionAsync("sessions", "one"))
        {
            Assert.Null(await receiver.GetSessionStateAsync());
            await receiver.SetSessionStateAsync(BinaryData.FromString("step 2"));
        }

        await using var again = await Client.AcceptSessionAsync("sessions", "one");
        Assert.Equal("step 2", (await again.GetSessionStateAsync())!.ToString());
        await again.SetSessionStateAsync(null);
        Assert.Null(await again.GetSessionStateAsync());
    }

    [Fact]
    public async Task Dead_letters_of_sessions_are_read_without_one()
    {
        await SendAsync("sessions", InSession("one", "1"));
        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");
        await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver), "Unreadable");

        var dead = await ReceiveAsync(DeadLettersOf("sessions"));

        Assert.Equal(("one", "Unreadable"), (dead.SessionId, dead.DeadLetterReason));
    }

    [Fact]
    public async Task Sessions_are_neither_left_out_nor_made_up()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync("sessions", "a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.CreateReceiver("sessions").ReceiveMessageAsync(Moment));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.AcceptSessionAsync("plain", "one"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.AcceptNextSessionAsync("plain"));
        await FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, false, () => Client.AcceptNextSessionAsync("nowhere"));
    }

    [Fact]
    public async Task A_send_with_one_message_out_of_session_takes_none()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync("sessions", InSession("one", "1"), new ServiceBusMessage("a")));

        Assert.Null(await Client.CreateReceiver("sessions").PeekMessageAsync());
    }
}
