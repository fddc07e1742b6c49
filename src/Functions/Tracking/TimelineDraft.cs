using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.Http;
using Atomic.Transactions;

namespace Atomic.Functions.Tracking;

/// <summary>A timeline on its way: entries that name their causes.</summary>
internal sealed class TimelineDraft(FoundTransaction found, IReadOnlyList<TrackedFact> tracked)
{
    private readonly List<TimelineEntry> _entries = [];
    private readonly List<Fact> _facts = [.. tracked.Select(known => known.Fact)];

    // The last of what was recorded when a step was done or undone: what its fact tells.
    private readonly Dictionary<(string Step, bool Undo), string> _last = [];

    private Definition Definition => found.Definition;

    public IReadOnlyList<TimelineEntry> Ordered() => Causes.Order(_entries, entry => entry.Id, entry => entry.At, entry => entry.Causes);

    /// <summary>The commands, each with the events that it brought.</summary>
    public void AddCommands(IReadOnlyList<RecordedEvent> recorded)
    {
        foreach (var caused in recorded.GroupBy(e => e.Context.CausationId))
        {
            var about = caused.Key.Split(':');
            if (about.Length < 4 || !Enum.TryParse<Act>(about[^2], out var act) || Definition.Find(about[1]) is not { } step) continue;
            AddCommand(caused.Key, step, act, caused.Min(e => e.At));
            foreach (var e in caused.OrderBy(e => e.At).ThenBy(e => e.Version))
            {
                _entries.Add(new TimelineEntry($"{e.Position}", TimelineKind.Event, e.At, e.Type, step.Name, [caused.Key])
                {
                    Participant = step.Participant,
                    Place = $"{e.Position}",
                    Reason = (e.Data as IRefusal)?.Reason,
                    TraceParent = e.Context.TraceParent,
                });
                _last[(step.Name, IsUndo(act))] = $"{e.Position}";
            }
        }
    }

    public void AddFacts()
    {
        foreach (var known in tracked)
        {
            var fact = known.Fact;
            var step = Definition.Find(fact.Step);
            var undo = fact.Kind == FactKind.Undone || IsUndo(fact.Act);
            // What has nothing to undo, and what was never done, is stated without anything being asked.
            var isAsked = step is { IsCommit: false } && fact.Act is Act.Do or Act.Undo && !(undo && step.NothingToUndo);
            if (isAsked && !_last.ContainsKey((fact.Step, undo)))
            {
                var id = $"command:{fact.Step}:{fact.Act}";
                if (_entries.TrueForAll(entry => entry.Id != id)) AddCommand(id, step!, fact.Act, known.At);
                _last[(fact.Step, undo)] = id;
            }

            var causes = Causes.Of(Definition, fact, _facts).Select(IdOf);
            if (_last.TryGetValue((fact.Step, undo), out var last)) causes = causes.Append(last);
            _entries.Add(new TimelineEntry(Unused(IdOf(fact)), TimelineKind.Fact, known.At, $"{fact.Kind}", step?.Name, [.. causes.Distinct()])
            {
                Participant = step?.Participant,
                Reason = fact.Reason,
            });
        }
    }

    /// <summary>What a person asked for, in the transaction's own log.</summary>
    public void AddOrder(RecordedEvent e)
    {
        var (by, why, step) = e.Data switch
        {
            CancelRequested cancel => (cancel.By, cancel.Why, null),
            RetryRequested retry => (retry.By, retry.Why, retry.Step),
            ResolutionRequested resolution => (resolution.By, resolution.Why, resolution.Step),
            AnswerGiven answer => (answer.By, null, answer.Step),
            _ => (null, null, (string?)null),
        };
        if (by is null) return;
        var causes = e.Data is AnswerGiven
            ? Causes.OfDo(Definition, step!, _facts).Select(IdOf)
            : _facts.Where(fact => fact.Kind == (step is null ? FactKind.Started : FactKind.Parked) && fact.Step == (step ?? "")).Select(IdOf);
        _entries.Add(new TimelineEntry($"{e.Position}", TimelineKind.Order, e.At, e.Type, step, [.. causes.Distinct()])
        {
            Place = $"{e.Position}",
            Reason = why,
            By = by,
        });
    }

    private void AddCommand(string id, StepDefinition step, Act act, DateTimeOffset before)
    {
        var causes = (IsUndo(act) ? Causes.OfUndo(Definition, step.Name, _facts) : Causes.OfDo(Definition, step.Name, _facts)).ToList();
        var owed = tracked.Where(known => causes.Contains(known.Fact)).Select(known => known.At).DefaultIfEmpty(before).Max();
        _entries.Add(new TimelineEntry(
            id, TimelineKind.Command, owed < before ? owed : before, act.IsCompensation(step) ? step.Compensation! : step.Command, step.Name,
            [.. causes.Select(IdOf).Distinct()])
        {
            Participant = step.Participant,
        });
    }

    /// <summary>What is parked, tried again and parked again is stated each time.</summary>
    private string Unused(string id)
    {
        var times = _entries.Count(entry => entry.Id == id || entry.Id.StartsWith($"{id}#", StringComparison.Ordinal));
        return times == 0 ? id : $"{id}#{times + 1}";
    }

    private static bool IsUndo(Act act) => act is Act.Undo or Act.DeclareUndone;

    private static string IdOf(Fact fact) => $"fact:{fact.Kind}:{fact.Step}:{fact.Act}";
}
