using System.Diagnostics;
using System.Text.Json;
using Atomic.Functions.Bus;
using Atomic.Functions.Choreography;
using Atomic.Functions.Operations;
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
                var cloudEvent = FactReader.EventOf(message);
                using var span = Traces.Start("track", ActivityKind.Consumer, cloudEvent.TraceParent, cloudEvent.CorrelationId);
                if (isFact) await progress.HearAsync(FactReader.DataOf<TransactionFact>(cloudEvent), cancellation);
                else await progress.HearAsync(FactReader.DataOf<TransactionRecord>(cloudEvent), cancellation);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (JsonException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, DeadLetterReasons.DescriptionOf(e), cancellation);
        }
    }
}
