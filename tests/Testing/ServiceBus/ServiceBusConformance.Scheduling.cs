using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_scheduled_message_arrives_at_its_time_with_a_new_sequence_number()
    {
        await using var sender = Client.CreateSender("plain");
        await using var receiver = Client.CreateReceiver("plain");
        var scheduled = await sender.ScheduleMessageAsync(new ServiceBusMessage("later"), Now + Later);
        await SendAsync("plain", "now");
        var waiting = receiver.ReceiveMessagesAsync(1, Patience);
        Assert.Equal("now", Body(Assert.Single(await waiting)));
        await AssertEmptyAsync(receiver);

        var woken = receiver.ReceiveMessageAsync(2 * Later);
        await AdvanceAsync(Later);

        var message = await woken.WaitAsync(Patience);
        Assert.Equal("later", Body(message!));
        Assert.NotEqual(scheduled, message!.SequenceNumber);
        Assert.InRange(message.EnqueuedTime, message.ScheduledEnqueueTime, message.ScheduledEnqueueTime + (2 * Moment));
    }

    [Fact]
    public async Task A_message_with_a_time_to_be_enqueued_is_scheduled()
    {
        await SendAsync("plain", new ServiceBusMessage("later") { ScheduledEnqueueTime = Now + Later });

        await AssertEmptyAsync(Client.CreateReceiver("plain"));
        await AdvanceAsync(Later);
        Assert.Equal("later", Body(await ReceiveAsync(Client.CreateReceiver("plain"))));
    }

    [Fact]
    public async Task Scheduled_messages_arrive_in_the_order_of_their_times()
    {
        await using var sender = Client.CreateSender("plain");
        await sender.ScheduleMessageAsync(new ServiceBusMessage("second"), Now + (2 * Later));
        await sender.ScheduleMessageAsync(new ServiceBusMessage("first"), Now + Later);

        await AdvanceAsync(3 * Later);

        Assert.Equal(["first", "second"], (await Client.CreateReceiver("plain").ReceiveMessagesAsync(2)).Select(Body));
    }

    [Fact]
    public async Task A_cancelled_message_does_not_arrive()
    {
        await using var sender = Client.CreateSender("plain");
        var numbers = await sender.ScheduleMessagesAsync([new("a"), new("b"), new("c")], Now + Later);

        await sender.CancelScheduledMessageAsync(numbers[0]);
        await sender.CancelScheduledMessagesAsync([numbers[2]]);
        await AdvanceAsync(Later + Moment);

        await using var receiver = Client.CreateReceiver("plain");
        Assert.Equal("b", Body(await ReceiveAsync(receiver)));
        await AssertEmptyAsync(receiver);
    }

    [Fact]
    public async Task What_has_arrived_cannot_be_cancelled()
    {
        await using var sender = Client.CreateSender("plain");
        var number = await sender.ScheduleMessageAsync(new ServiceBusMessage("a"), Now + Later);
        await AdvanceAsync(Later + Moment);

        await FailsAsync(ServiceBusFailureReason.MessageNotFound, false, () => sender.CancelScheduledMessageAsync(number));
        Assert.Equal("a", Body(await ReceiveAsync(Client.CreateReceiver("plain"))));
    }

    [Fact]
    public async Task The_life_of_a_scheduled_message_begins_when_it_arrives()
    {
        await SendAsync("plain", new ServiceBusMessage("a") { ScheduledEnqueueTime = Now + Later, TimeToLive = Later / 2 });

        await AdvanceAsync(Later + (2 * Moment));

        Assert.Equal("a", Body((await Client.CreateReceiver("plain").PeekMessageAsync())!));
        await AdvanceAsync(Later / 2);
        Assert.Equal("TTLExpiredException", (await ReceiveAsync(DeadLettersOf("plain"))).DeadLetterReason);
    }

    [Fact]
    public async Task A_repeated_message_is_dropped_while_its_id_is_remembered()
    {
        await SendAsync("once", new ServiceBusMessage("first") { MessageId = "m-1" });
        await SendAsync("once", new ServiceBusMessage("again") { MessageId = "m-1" }, new ServiceBusMessage("other") { MessageId = "m-2" });
        await using var receiver = Client.CreateReceiver("once", DeletingOptions);

        Assert.Equal(["first", "other"], (await receiver.ReceiveMessagesAsync(10)).Select(Body));
        await SendAsync("once", new ServiceBusMessage("settled") { MessageId = "m-1" });
        await AssertEmptyAsync(receiver);

        await AdvanceAsync(TimeSpan.FromSeconds(61));
        await SendAsync("once", new ServiceBusMessage("later") { MessageId = "m-1" });
        Assert.Equal("later", Body(await ReceiveAsync(receiver)));
    }

    [Fact]
    public async Task A_repetition_within_one_send_is_dropped()
    {
        await SendAsync("once", new ServiceBusMessage("first") { MessageId = "m-1" }, new ServiceBusMessage("again") { MessageId = "m-1" });

        Assert.Equal(["first"], (await Client.CreateReceiver("once").ReceiveMessagesAsync(10)).Select(Body));
    }

    [Fact]
    public async Task A_topic_drops_repetitions_for_all_its_subscriptions()
    {
        await SendAsync("once-news", new ServiceBusMessage("first") { MessageId = "m-1" });
        await SendAsync("once-news", new ServiceBusMessage("again") { MessageId = "m-1" });

        Assert.Equal(["first"], (await Client.CreateReceiver("once-news", "everything").ReceiveMessagesAsync(10)).Select(Body));
    }
}
