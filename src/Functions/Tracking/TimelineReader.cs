using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Streams;
using Atomic.Transactions;

namespace Atomic.Functions.Tracking;

/// <summary>Puts a transaction's timeline together: facts from the tracker, events from the streams that the facts point to, orders from its log.</summary>
public sealed class TimelineReader(IEventStore events)
{
    public async Task<Timeline> ReadAsync(FoundTransaction found, CancellationToken cancellation)
    {
        var facts = FactsOf(found);
        var recorded = await RecordedAsync(found, facts, cancellation);
        var draft = new TimelineDraft(found, facts);
        draft.AddCommands(recorded);
        draft.AddFacts();
        await foreach (var commit in events.ReadAsync<TransactionLog>(found.View.Id, 1, cancellation))
        {
            foreach (var e in commit.Events) draft.AddOrder(e);
        }

        var view = found.View;
        return new Timeline(
            view.Id, view.Definition, view.Version, view.Coordination, view.State, view.Reason,
            draft.Ordered(), [.. Expected(found)], view.Overdue);
    }

    /// <summary>
    /// What the tracker heard. An orchestrator tells when it parks a step and when it ends; what it has done since then its status says, with
    /// less of the order.
    /// </summary>
    private static List<TrackedFact> FactsOf(FoundTransaction found)
    {
        var heard = found.Progress is { } known && (known.Status is not null || found.Header is not null) ? known.Facts.ToList() : [];
        if (found.Header is not null) return heard;
        var isHeard = heard.Select(known => EndOf(known.Fact)).ToHashSet();
        return [.. heard, .. ShownBy(found.View).Where(shown => !isHeard.Contains(EndOf(shown.Fact)))];
    }

    /// <summary>What a fact tells of its step. A status does not say whether what was refused had failed or was never wanted.</summary>
    private static (string Step, FactKind Kind) EndOf(Fact fact) => (fact.Step, fact.Kind == FactKind.Failed ? FactKind.Undone : fact.Kind);

    private static IEnumerable<TrackedFact> ShownBy(TransactionView view)
    {
        yield return new TrackedFact(view.StartedAt, new Fact(FactKind.Started, ""), []);
        foreach (var step in view.Steps.Where(step => step.EndedAt is not null || step.State == StepState.Parked))
        {
            var (began, at) = (step.StartedAt ?? view.StartedAt.UtcDateTime, step.EndedAt ?? step.StartedAt ?? view.StartedAt.UtcDateTime);
            if (step.State == StepState.Undone) yield return new TrackedFact(began, new Fact(FactKind.Succeeded, step.Name), []);
            var fact = step.State switch
            {
                StepState.Succeeded => new Fact(FactKind.Succeeded, step.Name),
                StepState.Refused => new Fact(FactKind.Failed, step.Name, step.Reason),
                StepState.Undone => new Fact(FactKind.Undone, step.Name, step.Reason, Act.Undo),
                StepState.Skipped => new Fact(FactKind.Undone, step.Name, step.Reason, Act.Refuse),
                StepState.Parked => new Fact(FactKind.Parked, step.Name, step.Reason),
                StepState.Undoing => new Fact(FactKind.Succeeded, step.Name),
                _ => null,
            };
            if (fact is not null) yield return new TrackedFact(at, fact, []);
        }
    }

    private async Task<IReadOnlyList<RecordedEvent>> RecordedAsync(
        FoundTransaction found, IEnumerable<TrackedFact> facts, CancellationToken cancellation)
    {
        var recorded = new List<RecordedEvent>();
        foreach (var token in facts.SelectMany(fact => fact.Tokens).Concat(found.View.Tokens).Distinct())
        {
            if (!StreamPosition.TryParse(token, out var position) || AggregateCatalog.Find(position.Stream.Category) is not { } aggregate) continue;
            var commit = await aggregate.FindCommitAsync(events, position, cancellation);
            recorded.AddRange(commit?.Events.Where(e => e.Context.CorrelationId == found.View.Id) ?? []);
        }

        return recorded;
    }

    private static IEnumerable<ExpectedFact> Expected(FoundTransaction found)
    {
        var (view, definition) = (found.View, found.Definition);
        if (view.EndedAt is not null) yield break;
        var last = view.Steps.Max(step => step.EndedAt);
        foreach (var step in view.Steps)
        {
            if (definition.Find(step.Name) is not { } declared) continue;
            var kind = definition.KindOf(step.Name);
            var reverts = view.State == TransactionState.Compensating && step.State == StepState.Succeeded && kind == StepKind.Compensatable;
            switch (step.State)
            {
                case StepState.Running or StepState.Undoing or StepState.Parked:
                    var owed = step.State == StepState.Running || kind != StepKind.Compensatable ? Owed.Do : Owed.Undo;
                    var since = owed == Owed.Do ? step.StartedAt ?? Began(found, declared) : last;
                    var due = step.State == StepState.Parked ? null : since + Expectation.LimitOf(declared, owed, Coupling.PatienceOf(view.Coordination));
                    yield return new ExpectedFact(step.Name, step.Participant, owed, owed == Owed.Do ? declared.Command : declared.Compensation, [], since, due);
                    break;
                case StepState.Waiting when view.State is TransactionState.Running or TransactionState.NeedsAttention:
                    yield return new ExpectedFact(step.Name, step.Participant, Owed.Do, declared.Command, declared.After, null, null);
                    break;
                case StepState.Succeeded when reverts:
                    var after = definition.SuccessorsOf(step.Name).Select(next => next.Name).ToList();
                    yield return new ExpectedFact(step.Name, step.Participant, Owed.Undo, declared.Compensation, after, null, null);
                    break;
            }
        }
    }

    private static DateTime Began(FoundTransaction found, StepDefinition step) =>
        step.After.Select(before => found.Find(before)?.EndedAt).Max() ?? found.View.StartedAt.UtcDateTime;
}
