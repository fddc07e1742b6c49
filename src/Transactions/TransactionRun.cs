using Atomic.Transactions.Costs;

namespace Atomic.Transactions;

/// <summary>
/// One run of a definition as it is known to who runs it or watches it: what each step's record says, the facts, and so what is owed
/// next. It decides nothing itself; <see cref="Rule"/> does.
/// </summary>
/// <param name="definition">The one that the run's input makes: <see cref="Definition.For"/>.</param>
public sealed class TransactionRun(Definition definition, DateTime startedAt)
{
    private readonly Dictionary<string, Progress> _steps = definition.Steps.ToDictionary(step => step.Name, _ => new Progress());
    private readonly Dictionary<string, string> _tokens = [];
    private readonly List<(DateTime At, Fact Fact, IReadOnlyList<string> Tokens)> _history = [];
    private readonly Facts _facts = new();
    private readonly HashSet<string> _settling = [];
    private string? _reason;
    private Usage _used = Usage.None;
    private int _activities;

    public Definition Definition => definition;

    /// <summary>
    /// Another run of it may have sent any step, so that nothing is known to be never done until its participant has been asked. Then the
    /// implicit pivot is recorded as well: that other may have had it refused.
    /// </summary>
    public bool AsksFirst { get; init; }

    /// <summary>The implicit pivot is refused at its record before anything is undone, so that a run that follows learns of it.</summary>
    public bool RecordsCommit { get; init; }

    public bool AnyFailed => _facts.AnyFailed;

    /// <summary>Every fact, in the order in which it was heard.</summary>
    public IReadOnlyList<(DateTime At, Fact Fact, IReadOnlyList<string> Tokens)> History => _history;

    /// <summary>Nothing is left to happen. While a record is still asked, it may not have been written yet.</summary>
    public bool HasEnded => _settling.Count == 0 && (State is TransactionState.Completed or TransactionState.Compensated);

    public TransactionState State
    {
        get
        {
            if (_steps.Values.Any(step => step.State == StepState.Parked)) return TransactionState.NeedsAttention;
            if (!_facts.AnyFailed)
                return definition.Steps.All(step => _facts.Succeeded(step.Name)) ? TransactionState.Completed : TransactionState.Running;

            var reverted = definition.Steps
                .Where(step => definition.KindOf(step.Name) != StepKind.ForwardOnly)
                .All(step => Rule.HasNoEffect(definition, step.Name, _facts));
            return reverted ? TransactionState.Compensated : TransactionState.Compensating;
        }
    }

    public StepState StateOf(string step) => _steps[step].State;

    /// <summary>What is owed to each step by what is known; nothing for those that wait.</summary>
    public IEnumerable<(StepDefinition Step, Owed Owed)> Expected() => definition.Steps
        .Select(step => (step, Rule.Decide(definition, step.Name, RecordOf(step.Name), _facts)))
        .Where(expected => expected.Item2 != Owed.Wait);

    /// <summary>Since when something is owed to the step: when the last fact came that made it so.</summary>
    public DateTime OwedSince(StepDefinition step, Owed owed)
    {
        var causes = owed == Owed.Do ? step.After.Select(before => _steps[before]) : _steps.Values.Where(other => other.Record is StepRecord.Refused or StepRecord.Undone);
        return causes.Max(cause => cause.EndedAt) ?? startedAt;
    }

    /// <summary>
    /// For a coordinator: the steps to which something is owed and that are not being worked on. Where it is the only sender, what was never
    /// sent cannot arrive late, so a tombstone is a fact at once and costs nothing; and so is the implicit pivot, which its own history records.
    /// </summary>
    public IReadOnlyList<(StepDefinition Step, Owed Owed)> TakeOwed(DateTime now)
    {
        var taken = new List<(StepDefinition, Owed)>();
        while (Expected().Where(IsTaken).ToList() is { Count: > 0 } owed)
        {
            foreach (var (step, what) in owed)
            {
                if (what == Owed.Tombstone) Hear(new Fact(FactKind.Undone, step.Name, Act: Act.Refuse), now);
                else if (what == Owed.Undo && step.NothingToUndo) Hear(new Fact(FactKind.Undone, step.Name, Act: Act.Undo), now);
                else if (step.IsCommit && !AsksFirst) Hear(new Fact(FactKind.Succeeded, step.Name), now);
                else taken.Add((step, Begin(step.Name, what, now)));
            }
        }

        return taken;

        // While the records are asked whether it is too late, nothing more is done that might have to be undone.
        bool IsTaken((StepDefinition Step, Owed Owed) expected) =>
            !_steps[expected.Step.Name].Working && (expected.Owed != Owed.Do || _settling.Count == 0);
    }

    /// <summary>
    /// A cancel, or a deadline that has passed. A declared pivot that has not been sent its coordinator refuses itself, where it is the only
    /// sender; false when only the pivot's record can tell whether it is too late.
    /// </summary>
    public bool TryRefusePivot(string reason, DateTime now)
    {
        if (AnyFailed) return true;
        if (AsksFirst || StateOf(definition.Pivot) != StepState.Waiting) return false;
        if (RecordsCommit && definition[definition.Pivot].IsCommit) return false;
        Hear(new Fact(FactKind.Failed, definition.Pivot, reason, Act.Refuse), now);
        return true;
    }

    /// <summary>For a coordinator that is not the only one who knows of the pivot: the steps whose records tell, as far as it has not sent them.</summary>
    public IReadOnlyList<StepDefinition> TakeToSettle(DateTime now)
    {
        if (AnyFailed) return [];
        var pivot = definition[definition.Pivot];
        // A declared pivot that no other run can have sent is refused without asking.
        var asked = AsksFirst ? definition.Closing : pivot.IsCommit == RecordsCommit ? [pivot] : [];
        var taken = asked.Where(step => StateOf(step.Name) == StepState.Waiting).ToList();
        foreach (var step in taken) Begin(step.Name, Owed.Do, now);
        if (AsksFirst || RecordsCommit) _settling.UnionWith(taken.Select(step => step.Name));
        return taken;
    }

    /// <summary>Counts a try of the step, and gives its number.</summary>
    public int Tried(string step) => ++_steps[step].Attempts;

    /// <summary>For who watches: how often the step was tried, as its participant says.</summary>
    public void Tried(string step, int attempts)
    {
        if (_steps.TryGetValue(step, out var progress)) progress.Attempts = attempts;
    }

    public void CountActivity() => _activities++;

    /// <summary>Takes in what was used for it, activities apart.</summary>
    public void Use(Usage used) => _used += used;

    /// <summary>Nobody knows whether it happened, and the policy is spent.</summary>
    public void OutcomeUnknown(string step, string reason)
    {
        var progress = _steps[step];
        (progress.State, progress.Reason) = (StepState.Undoing, reason);
    }

    /// <summary>A parked step is tried again.</summary>
    public void Unpark(string step, Act act) => _steps[step].State = act == Act.Do ? StepState.Running : StepState.Undoing;

    /// <summary>Takes in a fact. One that an earlier fact has overtaken changes nothing: a step ends once, however often that is stated.</summary>
    /// <param name="tokens">Where the streams stand that the step wrote to.</param>
    public void Hear(Fact fact, DateTime now, IReadOnlyList<string>? tokens = null)
    {
        _history.Add((now, fact, tokens ?? []));
        _facts.Add(fact.Kind, fact.Step);
        foreach (var token in tokens ?? []) _tokens[token[..token.LastIndexOf('@')]] = token;
        if (!_steps.TryGetValue(fact.Step, out var progress)) return;
        if (fact.Kind != FactKind.Parked) _settling.Remove(fact.Step);
        switch (fact.Kind)
        {
            case FactKind.Succeeded when progress.Record == StepRecord.None:
                progress.End(StepState.Succeeded, StepRecord.Done, null, now);
                break;
            case FactKind.Failed:
                _reason ??= $"{fact.Step}: {fact.Reason}";
                if (!progress.HasNoEffect) progress.End(EndOf(fact.Act), fact.Act == Act.Do ? StepRecord.Refused : StepRecord.Undone, fact.Reason, now);
                break;
            case FactKind.Undone when !progress.HasNoEffect:
                progress.End(EndOf(fact.Act), StepRecord.Undone, fact.Reason ?? progress.Reason, now);
                break;
            case FactKind.Parked when progress.Record == StepRecord.None || (progress.Record == StepRecord.Done && fact.Act == Act.Undo):
                (progress.State, progress.Reason, progress.Parked) = (StepState.Parked, fact.Reason, fact.Act);
                break;
        }
    }

    public TransactionStatus Status()
    {
        var parked = definition.Steps.FirstOrDefault(step => StateOf(step.Name) == StepState.Parked);
        var expected = Expected().ToDictionary(one => one.Step.Name, one => one.Owed);
        return new TransactionStatus(
            State,
            parked is null ? _reason : $"{parked.Name}: {_steps[parked.Name].Reason}",
            startedAt,
            [.. definition.Declared.Steps.Select(step => StatusOf(step.Name))],
            _activities,
            [.. _tokens.Values])
        {
            Used = _used,
        }.Fitted();

        // A step that its condition leaves out is shown as skipped, and one that no failed transaction will reach as well.
        StepStatus StatusOf(string step)
        {
            if (!_steps.TryGetValue(step, out var progress)) return new StepStatus(StepState.Skipped, 0, null, null, null);
            var state = (progress.State, expected.GetValueOrDefault(step)) switch
            {
                (StepState.Waiting, Owed.Do) => StepState.Running,
                (StepState.Succeeded, Owed.Undo) => StepState.Undoing,
                (StepState.Waiting, _) when _facts.AnyFailed && State == TransactionState.Compensated => StepState.Skipped,
                (StepState.Waiting, _) when Rule.NeverDone(definition, step, _facts) => StepState.Skipped,
                var (known, _) => known,
            };
            return new StepStatus(state, progress.Attempts, Since(progress.StartedAt), Since(progress.EndedAt), progress.Reason)
            {
                Parked = state == StepState.Parked ? progress.Parked : null,
            };
        }
    }

    // What was not sent may be done all the same, and is undone as if it were: its barrier knows.
    private StepRecord RecordOf(string step) =>
        _steps[step].Record is var record && record == StepRecord.None && AsksFirst && AnyFailed ? StepRecord.Done : record;

    private long? Since(DateTime? time) => time is null ? null : (long)(time.Value - startedAt).TotalMilliseconds;

    private static StepState EndOf(Act act) => act switch
    {
        Act.Do => StepState.Refused,
        Act.Refuse => StepState.Skipped,
        _ => StepState.Undone,
    };

    private Owed Begin(string step, Owed owed, DateTime now)
    {
        var progress = _steps[step];
        progress.Working = true;
        progress.State = owed == Owed.Do ? StepState.Running : StepState.Undoing;
        progress.StartedAt ??= now;
        return owed;
    }

    private sealed class Progress
    {
        public StepState State { get; set; }

        public StepRecord Record { get; private set; }

        public bool HasNoEffect => Record is StepRecord.Refused or StepRecord.Undone;

        public bool Working { get; set; }

        public int Attempts { get; set; }

        public DateTime? StartedAt { get; set; }

        public DateTime? EndedAt { get; private set; }

        public string? Reason { get; set; }

        public Act Parked { get; set; }

        public void End(StepState state, StepRecord record, string? reason, DateTime now) =>
            (State, Record, Working, Reason, EndedAt) = (state, record, false, reason, now);
    }
}
