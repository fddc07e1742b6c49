using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Testing.Functions.App;

/// <summary>Functions that messages are delivered to. A message's correlation id is the subject of the journal; its subject says what to do with it.</summary>
public sealed class MessageFunctions(Journal journal, Scope scope)
{
    public const string Bus = "ConformanceBus";

    [Function(nameof(TakeAutomatic))]
    public void TakeAutomatic([ServiceBusTrigger("automatic", Connection = Bus, AutoCompleteMessages = true)] ServiceBusReceivedMessage message)
    {
        journal.Add(message.CorrelationId, $"{message.Body} {message.DeliveryCount}");
        if (message.Subject == "fail") throw new InvalidOperationException("It was told to fail.");
    }

    [Function(nameof(TakeExplicit))]
    public async Task TakeExplicit(
        [ServiceBusTrigger("explicit", Connection = Bus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation)
    {
        journal.Add(message.CorrelationId, $"{message.Subject} {message.DeliveryCount}");
        await (message.Subject switch
        {
            "abandon" when message.DeliveryCount == 1 =>
                actions.AbandonMessageAsync(message, new Dictionary<string, object> { ["seen"] = "once" }, cancellation),
            "dead-letter" => actions.DeadLetterMessageAsync(message, new Dictionary<string, object> { ["seen"] = "once" }, "Unwanted", "Nobody wants it.", cancellation),
            "defer" => actions.DeferMessageAsync(message, cancellationToken: cancellation),
            "renew" => RenewAsync(message, actions, cancellation),
            _ => actions.CompleteMessageAsync(message, cancellation),
        });
        if (message.ApplicationProperties.TryGetValue("seen", out var seen)) journal.Add(message.CorrelationId, $"seen {seen}");
    }

    [Function(nameof(LeaveUnsettled))]
    public void LeaveUnsettled([ServiceBusTrigger("unsettled", Connection = Bus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message) =>
        journal.Add(message.CorrelationId, $"delivery {message.DeliveryCount}");

    [Function(nameof(TakeTyped))]
    public void TakeTyped([ServiceBusTrigger("typed", Connection = Bus)] Order order) => journal.Add(order.Subject, $"{order.Quantity} for {scope.Id.Length}");

    [Function(nameof(TakeBatch))]
    public async Task TakeBatch(
        [ServiceBusTrigger("batched", Connection = Bus, IsBatched = true, AutoCompleteMessages = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions)
    {
        foreach (var message in messages)
        {
            journal.Add(message.CorrelationId, $"{message.Subject} {message.DeliveryCount} of {(messages.Length > 1 ? "many" : "one")}");
            if (message.Subject == "dead-letter") await actions.DeadLetterMessageAsync(message, deadLetterReason: "Unwanted");
        }

        if (messages.Any(message => message.Subject == "fail" && message.DeliveryCount == 1)) throw new InvalidOperationException("It was told to fail.");
    }

    [Function(nameof(TakeNews))]
    public void TakeNews([ServiceBusTrigger("news", "readers", Connection = Bus)] string body, FunctionContext context) =>
        journal.Add(body, context.FunctionDefinition.Name);

    private static async Task RenewAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellation)
    {
        await actions.RenewMessageLockAsync(message, cancellation);
        await actions.CompleteMessageAsync(message, cancellation);
    }

    public sealed record Order(string Subject, int Quantity);
}
