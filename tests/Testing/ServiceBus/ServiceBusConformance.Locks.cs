using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_message_whose_lock_expires_comes_again()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var first = await ReceiveAsync(receiver);

        await AdvanceAsync(LockDuration + Moment);
        var again = await ReceiveAsync(receiver);

        Assert.Equal((first.SequenceNumber, 2), (again.SequenceNumber, again.DeliveryCount));
    }

    [Fact]
    public async Task A_waiting_receiver_is_woken_by_the_expiry_of_a_lock()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        await ReceiveAsync(receiver);
        var waiting = receiver.ReceiveMessageAsync(2 * LockDuration);

        await AdvanceAsync(LockDuration + Moment);

        Assert.Equal(2, (await waiting.WaitAsync(Patience))!.DeliveryCount);
    }

    [Fact]
    public async Task A_renewed_lock_holds()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await AdvanceAsync(LockDuration / 2);

        await receiver.RenewMessageLockAsync(message);

        Assert.InRange(message.LockedUntil, Now + LockDuration - Moment, Now + LockDuration + Moment);
        await AdvanceAsync(LockDuration - (2 * Moment));
        await receiver.CompleteMessageAsync(message);
        Assert.Null(await receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task A_message_whose_lock_expired_cannot_be_settled_or_renewed()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await AdvanceAsync(LockDuration + Moment);

        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.CompleteMessageAsync(message));
        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.AbandonMessageAsync(message));
        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.DeferMessageAsync(message));
        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.DeadLetterMessageAsync(message));
        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.RenewMessageLockAsync(message));
        Assert.Equal(2, (await ReceiveAsync(receiver)).DeliveryCount);
    }

    [Fact]
    public async Task A_message_is_settled_once()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);
        await receiver.AbandonMessageAsync(message);

        await FailsAsync(ServiceBusFailureReason.MessageLockLost, false, () => receiver.CompleteMessageAsync(message));
        Assert.Equal("a", Body(await ReceiveAsync(receiver)));
    }
}
