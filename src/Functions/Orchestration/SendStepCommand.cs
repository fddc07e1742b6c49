using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>A step's command on its way to its participant's queue.</summary>
/// <param name="Limit">How long its sender waits for the reply; null in what an earlier version of this code called for without a limit of the step's own.</param>
/// <param name="Run">Which run of the transaction's orchestration sends it; null in what an earlier version of this code called for.</param>
public sealed record StepCommand(StepTry Try, string Participant, string Name, JsonElement Data, TimeSpan? Limit = null, string? Run = null);

/// <summary>The one activity of the coupling <c>commands</c>.</summary>
public sealed class SendStepCommandFunction(ICommandBus bus)
{
    [Function(nameof(SendStepCommand))]
    public async Task<bool> SendStepCommand([ActivityTrigger] StepCommand step, CancellationToken cancellation)
    {
        await bus.SendAsync(step.Participant, step.Try.ToMessage(step.Name, step.Data) with { Limit = step.Limit, Run = step.Run }, cancellation);
        return true;
    }
}

/// <summary>A participant's reply, raised as an external event at the orchestration that waits for it.</summary>
public sealed class HandleRepliesFunction(ILogger<HandleRepliesFunction> logger)
{
    [Function(nameof(HandleReplies))]
    public async Task HandleReplies(
        [ServiceBusTrigger(BusNames.Replies, Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        CommandReply reply;
        try
        {
            reply = message.Body.ToObjectFromJson<CommandReply>(StorageJson.Options) ?? throw new JsonException("The reply is null.");
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, DeadLetterReasons.DescriptionOf(e), cancellation);
            return;
        }

        await client.RaiseUnlessEndedAsync(reply.CorrelationId, Signals.ReplyEvent, reply, logger, cancellation);
        await actions.CompleteMessageAsync(message, cancellation);
    }
}
