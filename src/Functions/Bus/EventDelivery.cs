using System.Diagnostics;
using Atomic.EventSourcing;
using Atomic.Functions.DeadLetters;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Bus;

/// <summary>
/// Events from the topic to a projection, many at once: each settled once it is applied. What no redelivery can make better is
/// dead-lettered with its reason; anything else is left to the broker, which delivers again and in the end parks it.
/// </summary>
public sealed class EventDelivery(FlowCounts flows, TimeProvider time, ILogger<EventDelivery> logger)
{
    public Task ProjectAsync<TProjection, TState, TRow>(
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        Projector<TProjection, TState, TRow> projector,
        CancellationToken cancellation)
        where TProjection : IProjection<TState, TRow>
        where TState : IAggregate<TState>
        where TRow : class =>
        ProjectAsync(messages, actions, new Consumer(TProjection.Name, [StreamSource.Of<TState>()], projector.ProjectAsync), cancellation);

    public Task ProjectAsync<TView, TItem, TSummary>(
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        ViewProjector<TView, TItem, TSummary> projector,
        CancellationToken cancellation)
        where TView : IView<TItem, TSummary>
        where TItem : class
        where TSummary : class =>
        ProjectAsync(messages, actions, new Consumer(TView.Name, TView.Sources, projector.ProjectAsync), cancellation);

    private async Task ProjectAsync(
        ServiceBusReceivedMessage[] messages, ServiceBusMessageActions actions, Consumer consumer, CancellationToken cancellation)
    {
        var read = await Task.WhenAll(messages.Select(message => ReadAsync(message, actions, consumer, cancellation)));
        var byHeard = read.Where(each => each.Heard is not null)
            .ToDictionary(each => each.Heard!, each => each.Message, (IEqualityComparer<Heard>)ReferenceEqualityComparer.Instance);
        if (byHeard.Count == 0) return;

        using var spans = new ProjectionSpans(consumer.Name, read.Where(each => each.Heard is not null).Select(each => each.TraceParent));
        var projected = await consumer.Project([.. byHeard.Keys], cancellation);
        await Task.WhenAll(projected.Select(each => SettleAsync(each, byHeard[each.Heard], actions, consumer.Name, cancellation)));
        var now = time.GetUtcNow();
        foreach (var each in projected.Where(each => each is { Failure: null, Poison: null })) Measures.Projected(consumer.Name, now - each.Heard.At);
        var failures = projected.Select(each => each.Failure).OfType<Exception>().Distinct().ToList();
        if (failures.Count > 0) throw new AggregateException($"{failures.Count} rows of {consumer.Name} could not be written.", failures);
    }

    private async Task<(ServiceBusReceivedMessage Message, Heard? Heard, string? TraceParent)> ReadAsync(
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, Consumer consumer, CancellationToken cancellation)
    {
        try
        {
            // A subscription carries a whole context; a projection reads the streams of some aggregates of it.
            var cloudEvent = CloudEvent.Parse(message.MessageId ?? "without id", message.Body.ToMemory());
            if (!Resubmission.IsForAnother(message, consumer.Name)
                && consumer.Sources.FirstOrDefault(source => cloudEvent.Source == CloudEvent.SourceOf(source.Category)) is { } source)
            {
                var heard = cloudEvent.ToHeard(source.Category, source.Events);
                flows.Heard(consumer.Name, cloudEvent.EventType);
                return (message, heard, cloudEvent.TraceParent);
            }

            await actions.CompleteMessageAsync(message, cancellation);
        }
        catch (Exception e) when (e is MalformedMessageException or UnknownEventException)
        {
            await actions.DeadLetterMessageAsync(message, null, DeadLetterReasons.Of(e), e.Message, cancellation);
        }

        return (message, null, null);
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

    /// <summary>A span for each event of a batch: they are projected together, and belong to different traces.</summary>
    private sealed class ProjectionSpans : IDisposable
    {
        private readonly Activity? _before = Activity.Current;
        private readonly List<Activity> _spans = [];

        public ProjectionSpans(string projection, IEnumerable<string?> parents)
        {
            foreach (var parent in parents)
            {
                if (Traces.Start($"project {projection}", ActivityKind.Consumer, parent, null) is { } span) _spans.Add(span);
                Activity.Current = _before;
            }
        }

        public void Dispose()
        {
            foreach (var span in _spans) span.Dispose();
            Activity.Current = _before;
        }
    }

    private sealed record Consumer(
        string Name, IReadOnlyList<StreamSource> Sources, Func<IReadOnlyList<Heard>, CancellationToken, Task<IReadOnlyList<Projected>>> Project);
}
