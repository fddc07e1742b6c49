using System.Diagnostics;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Choreography;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Tracking;

/// <summary>The tracker: a projection of the facts of transactions in all couplings.</summary>
public sealed class TrackTransactionsFunction(ProgressKeeper progress)
{
    [Function(nameof(TrackTransactions))]
    public async Task TrackTransactions(
        [ServiceBusTrigger(BusNames.Events, "transactions", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation)
    {
        try
        {
            var isFact = FactPublisher.IsFact(message.Subject);
            if (isFact || FactPublisher.IsRecord(message.Subject))
            {
                var cloudEvent = message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options) ?? throw new JsonException("It is null.");
                using var span = Traces.Start("track", ActivityKind.Consumer, cloudEvent.TraceParent, cloudEvent.CorrelationId);
                if (isFact) await progress.HearAsync(Read<TransactionFact>(cloudEvent), cancellation);
                else await progress.HearAsync(Read<TransactionRecord>(cloudEvent), cancellation);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, e.Message, cancellation);
        }
    }

    private static TData Read<TData>(CloudEvent cloudEvent) where TData : class =>
        cloudEvent.Data?.Deserialize<TData>(StorageJson.Options) ?? throw new JsonException($"It is no {typeof(TData).Name}.");
}
