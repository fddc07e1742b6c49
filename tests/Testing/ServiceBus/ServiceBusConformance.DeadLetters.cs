using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_dead_lettered_message_keeps_what_it_was_and_says_why()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { MessageId = "m-1", ApplicationProperties = { ["kept"] = true } });
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);

        await receiver.DeadLetterMessageAsync(message, new Dictionary<string, object> { ["by"] = "test" }, "Unreadable", "Not JSON.");

        Assert.Null(await receiver.PeekMessageAsync());
        await using var deadLetters = DeadLettersOf("plain");
        var dead = await ReceiveAsync(deadLetters);
        Assert.Equal(("a", "m-1", message.SequenceNumber), (Body(dead), dead.MessageId, dead.SequenceNumber));
        Assert.Equal(("Unreadable", "Not JSON."), (dead.DeadLetterReason, dead.DeadLetterErrorDescription));
        Assert.Equal((true, "test"), (dead.ApplicationProperties["kept"], dead.ApplicationProperties["by"]));
        await deadLetters.CompleteMessageAsync(dead);
        Assert.Null(await deadLetters.PeekMessageAsync());
    }

    [Fact]
    public async Task Dead_letters_are_also_addressed_by_their_path()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver));

        await using var deadLetters = Client.CreateReceiver("plain/$deadletterqueue");

        Assert.Null((await ReceiveAsync(deadLetters)).DeadLetterReason);
    }

    [Fact]
    public async Task A_message_that_is_delivered_too_often_is_dead_lettered()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        await receiver.AbandonMessageAsync(await ReceiveAsync(receiver));
        await ReceiveAsync(receiver);
        await AdvanceAsync(LockDuration + Moment);
        var last = await ReceiveAsync(receiver);

        Assert.Equal(3, last.DeliveryCount);
        await receiver.AbandonMessageAsync(last);

        await AssertEmptyAsync(receiver);
        Assert.Equal("MaxDeliveryCountExceeded", (await ReceiveAsync(DeadLettersOf("plain"))).DeadLetterReason);
    }

    [Fact]
    public async Task An_expired_message_is_dead_lettered_where_the_entity_says_so()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromSeconds(10) });

        await AdvanceAsync(TimeSpan.FromSeconds(11));

        await AssertEmptyAsync(Client.CreateReceiver("plain"));
        Assert.Equal("TTLExpiredException", (await ReceiveAsync(DeadLettersOf("plain"))).DeadLetterReason);
    }

    [Fact]
    public async Task An_expired_message_is_dropped_elsewhere_after_the_time_to_live_of_the_entity()
    {
        await SendAsync("dropping", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromDays(1) });
        Assert.Equal(TimeSpan.FromMinutes(1), (await Client.CreateReceiver("dropping").PeekMessageAsync())!.TimeToLive);

        await AdvanceAsync(TimeSpan.FromSeconds(61));

        await AssertEmptyAsync(Client.CreateReceiver("dropping"));
        Assert.Null(await DeadLettersOf("dropping").PeekMessageAsync());
    }

    [Fact]
    public async Task A_locked_message_does_not_expire_before_it_is_given_back()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromSeconds(10) }, new("b") { TimeToLive = TimeSpan.FromSeconds(10) });
        await using var receiver = Client.CreateReceiver("plain");
        var messages = await receiver.ReceiveMessagesAsync(2);
        await AdvanceAsync(TimeSpan.FromSeconds(15));

        await receiver.CompleteMessageAsync(messages[0]);
        await receiver.AbandonMessageAsync(messages[1]);

        await AssertEmptyAsync(receiver);
        Assert.Equal("b", Body(await ReceiveAsync(DeadLettersOf("plain"))));
    }

    [Fact]
    public async Task Dead_letters_neither_expire_nor_die_again()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromSeconds(10) });
        await AdvanceAsync(TimeSpan.FromSeconds(11));
        await using var deadLetters = DeadLettersOf("plain");

        for (var delivery = 1; delivery <= 5; delivery++) await deadLetters.AbandonMessageAsync(await ReceiveAsync(deadLetters));
        var message = await ReceiveAsync(deadLetters);

        await Assert.ThrowsAsync<InvalidOperationException>(() => deadLetters.DeadLetterMessageAsync(message));
        await deadLetters.CompleteMessageAsync(message);
    }

    [Fact]
    public async Task A_dead_lettered_message_can_be_sent_again_without_its_reason()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver), "Unreadable");

        await SendAsync("plain", new ServiceBusMessage(await ReceiveAsync(DeadLettersOf("plain"))));

        var again = await ReceiveAsync(receiver);
        Assert.Equal(("a", null), (Body(again), again.DeadLetterReason));
    }

    [Fact]
    public async Task Two_reasons_at_once_are_refused()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");
        var message = await ReceiveAsync(receiver);

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.DeadLetterMessageAsync(
            message, new Dictionary<string, object> { ["DeadLetterReason"] = "one" }, "another"));
        await receiver.CompleteMessageAsync(message);
    }
}
