using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.Functions;

/// <summary>What holds for Service Bus triggers, single and batched, on every Functions host.</summary>
public abstract class MessageTriggerConformance(IFunctionsUnderTest functions)
{
    private readonly string _subject = FunctionsUnderTest.NewSubject();

    [Fact]
    public async Task A_message_is_completed_when_its_function_returns()
    {
        await SendAsync("automatic", Message("take"));

        Assert.Equal(["body 1"], await functions.JournalUntilAsync(_subject, entries: 1));
        await AssertGoneAsync("automatic");
    }

    [Fact]
    public async Task A_message_whose_function_throws_is_delivered_again_until_it_is_dead_lettered()
    {
        await SendAsync("automatic", Message("fail"));

        var dead = await functions.DeadLetterOfAsync("automatic", _subject);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Equal(["body 1", "body 2", "body 3"], await functions.JournalUntilAsync(_subject, entries: 3));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("renew")]
    public async Task A_function_settles_a_message_itself(string act)
    {
        await SendAsync("explicit", Message(act));

        Assert.Equal([$"{act} 1"], await functions.JournalUntilAsync(_subject, entries: 1));
        await AssertGoneAsync("explicit");
    }

    [Fact]
    public async Task A_message_that_is_abandoned_comes_again_with_what_was_added_to_it()
    {
        await SendAsync("explicit", Message("abandon"));

        Assert.Equal(["abandon 1", "abandon 2", "seen once"], await functions.JournalUntilAsync(_subject, entries: 3));
    }

    [Fact]
    public async Task A_message_is_dead_lettered_with_its_reason()
    {
        await SendAsync("explicit", Message("dead-letter"));

        var dead = await functions.DeadLetterOfAsync("explicit", _subject);
        Assert.Equal(("Unwanted", "Nobody wants it.", "once"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["seen"]));
    }

    [Fact]
    public async Task A_message_that_is_deferred_can_be_had_by_its_number()
    {
        await using var receiver = functions.Bus.CreateReceiver("explicit");
        await SendAsync("explicit", Message("defer"));
        await functions.JournalUntilAsync(_subject, entries: 1);

        var deferred = await FindAsync(receiver, message => message.State == ServiceBusMessageState.Deferred);
        await receiver.CompleteMessageAsync(await receiver.ReceiveDeferredMessageAsync(deferred.SequenceNumber));

        await AssertGoneAsync("explicit");
    }

    [Fact]
    public async Task A_message_that_nobody_settles_comes_again_when_its_lock_has_expired()
    {
        await SendAsync("unsettled", Message("leave"));

        Assert.Equal(["delivery 1", "delivery 2"], (await functions.JournalUntilAsync(_subject, entries: 2)).Take(2));
    }

    [Fact]
    public async Task A_body_of_JSON_is_read_into_the_parameters_type()
    {
        await SendAsync("typed", new ServiceBusMessage($$"""{ "subject": "{{_subject}}", "QUANTITY": 3 }"""));

        Assert.Equal(["3 for 36"], await functions.JournalUntilAsync(_subject, entries: 1));
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_a_failure_like_any_other()
    {
        await SendAsync("typed", new ServiceBusMessage("{") { MessageId = _subject });

        Assert.Equal("MaxDeliveryCountExceeded", (await functions.DeadLetterOfAsync("typed", _subject)).DeadLetterReason);
    }

    [Fact]
    public async Task A_subscription_delivers_to_its_function()
    {
        await SendAsync("news", new ServiceBusMessage(_subject));

        Assert.Equal(["TakeNews"], await functions.JournalUntilAsync(_subject, entries: 1));
    }

    [Fact]
    public async Task A_batch_is_completed_but_for_what_the_function_has_settled_itself()
    {
        await SendAsync("batched", Message("take", "-1"), Message("dead-letter", "-2"), Message("take", "-3"));

        Assert.Equal("Unwanted", (await functions.DeadLetterOfAsync("batched", $"{_subject}-2")).DeadLetterReason);
        Assert.Equal(3, (await functions.JournalUntilAsync(_subject, entries: 3)).Count);
        await AssertGoneAsync("batched");
    }

    [Fact]
    public async Task A_batch_whose_function_throws_is_delivered_again()
    {
        await SendAsync("batched", Message("fail", "-1"));

        Assert.Equal(["fail 1", "fail 2"], (await functions.JournalUntilAsync(_subject, entries: 2)).Select(entry => entry[..6]));
        await AssertGoneAsync("batched");
    }

    private ServiceBusMessage Message(string subject, string suffix = "") =>
        new("body") { Subject = subject, CorrelationId = _subject, MessageId = _subject + suffix };

    private async Task SendAsync(string entity, params ServiceBusMessage[] messages)
    {
        await using var sender = functions.Bus.CreateSender(entity);
        await sender.SendMessagesAsync(messages);
    }

    private async Task AssertGoneAsync(string queue)
    {
        await using var receiver = functions.Bus.CreateReceiver(queue);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while ((await receiver.PeekMessagesAsync(100, 0)).Any(message => message.CorrelationId == _subject))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private async Task<ServiceBusReceivedMessage> FindAsync(ServiceBusReceiver receiver, Predicate<ServiceBusReceivedMessage> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            var found = (await receiver.PeekMessagesAsync(100, 0, patience.Token)).FirstOrDefault(message => message.CorrelationId == _subject && wanted(message));
            if (found is not null) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
