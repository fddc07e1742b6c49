using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Bus;

/// <summary>
/// An event from the topic to a projection: settled once it is applied. What no redelivery can make better is dead-lettered with its
/// reason; anything else is left to the broker, which delivers again and in the end parks it.
/// </summary>
internal static class EventDelivery
{
    public static async Task ProjectAsync<TProjection, TState, TRow>(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Projector<TProjection, TState, TRow> projector,
        TimeProvider clock,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class
    {
        try
        {
            // A subscription carries a whole context; a projection reads the streams of one aggregate of it.
            var cloudEvent = message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)!;
            if (cloudEvent.Source == $"/{TState.Category}")
            {
                await projector.ProjectAsync(cloudEvent.ToRecorded<TState>(), cancellation);
                Measures.Projected(TProjection.Table, clock.GetUtcNow() - cloudEvent.Time);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (Exception e) when (e is MalformedMessageException or UnknownEventException or JsonException)
        {
            await actions.DeadLetterMessageAsync(message, null, e.GetType().Name, e.Message, cancellation);
        }
    }
}
