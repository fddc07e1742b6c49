using Atomic.EventSourcing;
using Atomic.Functions.Projections;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Bus;

/// <summary>
/// Events from the topic to a projection, many at once: each settled once it is applied. What no redelivery can make better is
/// dead-lettered with its reason; anything else is left to the broker, which delivers again and in the end parks it.
/// </summary>
public sealed class EventDelivery(ProjectionMetrics metrics, FlowCounts flows, ILogger<EventDelivery> logger)
{
    public async Task ProjectAsync<TProjection, TState, TRow>(
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        Projector<TProjection, TState, TRow> projector,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class
    {
        var read = await Task.WhenAll(messages.Select(message => ReadAsync<TState>(message, actions, TProjection.Name, cancellation)));
        var byHeard = read.Where(each => each.Heard is not null)
            .ToDictionary(each => each.Heard!, each => each.Message, (IEqualityComparer<Heard>)ReferenceEqualityComparer.Instance);
        if (byHeard.Count == 0) return;

        var projected = await projector.ProjectAsync([.. byHeard.Keys], cancellation);
        await Task.WhenAll(projected.Select(each => SettleAsync(each, byHeard[each.Heard], actions, TProjection.Name, cancellation)));
        metrics.Projected(TProjection.Name, projected.Where(each => each.Failure is null).Select(each => each.Heard.At));
        var failures = projected.Select(each => each.Failure).OfType<Exception>().Distinct().ToList();
        if (failures.Count > 0) throw new AggregateException($"{failures.Count} rows of {TProjection.Name} could not be written.", failures);
    }

    private async Task<(ServiceBusReceivedMessage Message, Heard? Heard)> ReadAsync<TState>(
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, string projection, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        try
        {
            // A subscription carries a whole context; a projection reads the streams of one aggregate of it.
            var cloudEvent = CloudEvent.Parse(message.MessageId ?? "without id", message.Body.ToMemory());
            if (cloudEvent.Source == CloudEvent.SourceOf(TState.Category))
            {
                var heard = cloudEvent.ToHeard<TState>();
                flows.Heard(projection, cloudEvent.EventType);
                return (message, heard);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (Exception e) when (e is MalformedMessageException or UnknownEventException)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.Of(e), e.Message, cancellation);
        }

        return (message, null);
    }

    private async Task SettleAsync(
        Projected projected, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, string projection, CancellationToken cancellation)
    {
        if (projected.Failure is { } failure)
        {
            Logs.EventNotApplied(logger, projection, projected.Heard.Position.ToString(), failure);
            await actions.AbandonMessageAsync(message, null, cancellation);
        }
        else if (projected.Poison is { } reason)
        {
            Logs.RowBlocked(logger, projection, projected.Heard.Position.Stream.Id, projected.Heard.Position.ToString());
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.PoisonEvent, reason, cancellation);
        }
        else
        {
            await actions.CompleteMessageAsync(message, cancellation);
        }
    }
}
