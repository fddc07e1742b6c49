using Atomic.Functions.Bus;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Projections;

/// <summary>When a customer's data are erased, every projection lets go of what it holds of them.</summary>
public sealed class ScrubErasedFunction(IServiceProvider services, ILogger<ScrubErasedFunction> logger)
{
    [Function(nameof(ScrubErased))]
    public async Task ScrubErased(
        [ServiceBusTrigger(BusNames.Events, "erasures", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation)
    {
        try
        {
            var erased = CloudEvent.Parse(message.MessageId ?? "without id", message.Body.ToMemory());
            foreach (var projection in ProjectionCatalog.All)
                Logs.RowsScrubbed(logger, projection.Name, await projection.ScrubAsync(services, erased.Subject, cancellation));
            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (MalformedMessageException e)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.MalformedMessage, DeadLetterReasons.DescriptionOf(e), cancellation);
        }
    }
}
