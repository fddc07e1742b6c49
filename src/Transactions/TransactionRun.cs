namespace Atomic.Transactions;

/// <summary>
/// One run of a definition as its coordinator knows it: what each step's record says, the facts, and so what is owed next. It decides
/// nothing itself; <see cref="Rule"/> does.
/// </summary>
public sealed class TransactionRun(Definition definition)
{
    private const int LongestReason = 300;

    private readonly Dictionary<string, Progress> _steps = definition.Steps.ToDictionary(step => step.Name, _ => new Progress());
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Facts _facts = new();
    private string? _reason;
    private int _activities;

    public bool HasEnded => State is TransactionState.Completed or TransactionState.Compensated;

    public TransactionState State
    {
        get
        {
            if (_steps.Values.Any(step => step.State == StepState.Parked)) return TransactionState.NeedsAttention;
            if (!_facts.AnyFailed)
            {
                return definition.Steps.All(step => _facts.Succeeded(step.Name)) ? TransactionState.Completed : TransactionState.Running;
            }

            var reverted = definition.Steps
                .Where(step => definition.KindOf(step.Name) != StepKind.ForwardOnly)
                .All(step => _facts.Undone(step.Name) || _facts.Failed(step.Name));
            return reverted ? TransactionState.Compensated : TransactionState.Compensating;
        }
    }

    /// <summary>
    /// The steps to which something is owed and that are not being worked on. A step that was never sent cannot arrive late, so its
    /// tombstone is a fact at once and costs no activity.
    /// </summary>
    public IReadOnlyList<(StepDefinition Step, Owed Owed)> TakeOwed(DateTime now)
    {
        var taken = new List<(StepDefinition, Owed)>();
        var settled = true;
        while (settled)
        {
            settled = false;
            foreach (var step in definition.Steps.Where(step => !_steps[step.Name].Working))
            {
                var owed = Rule.Decide(definition, step.Name, _steps[step.Name].Record, _facts);
                if (owed == Owed.Tombstone) settled |= Skip(step.Name, now);
                else if (owed == Owed.Undo && step.NothingToUndo) settled |= Undone(step.Name, now);
                else if (owed != Owed.Wait) taken.Add((step, Begin(step.Name, owed, now)));
            }
        }

        return taken;
    }

    /// <summary>Counts a try of the step, and gives its number.</summary>
    public int Tried(string step)
    {
        _activities++;
        return ++_steps[step].Attempts;
    }

    public void Succeeded(string step, IReadOnlyList<string> tokens, DateTime now)
    {
        End(step, StepState.Succeeded, StepRecord.Done, now);
        Keep(tokens);
        _facts.AddSucceeded(step);
    }

    /// <summary>The business said no: certainly no effect.</summary>
    public void Refused(string step, string? reason, IReadOnlyList<string> tokens, DateTime now)
    {
        End(step, StepState.Refused, StepRecord.Refused, now);
        Keep(tokens);
        Fail(step, reason);
    }

    /// <summary>Nobody knows whether it happened, and the policy is spent: it undoes itself before it counts as failed.</summary>
    public void OutcomeUnknown(string step, string reason)
    {
        (_steps[step].State, _steps[step].Reason) = (StepState.Undoing, Shorten(reason));
        _reason ??= $"{step}: {_steps[step].Reason}";
    }

    /// <summary>Undone after it was done, or after an unknown outcome.</summary>
    public void Undone(string step, IReadOnlyList<string> tokens, DateTime now)
    {
        var wasDone = _steps[step].Record == StepRecord.Done;
        End(step, StepState.Undone, StepRecord.Undone, now);
        Keep(tokens);
        if (wasDone) _facts.AddUndone(step);
        else Fail(step, _steps[step].Reason);
    }

    public void Park(string step, string reason) =>
        (_steps[step].State, _steps[step].Reason) = (StepState.Parked, Shorten(reason));

    public void Unpark(string step) =>
        _steps[step].State = definition.KindOf(step) == StepKind.ForwardOnly ? StepState.Running : StepState.Undoing;

    public TransactionStatus Status()
    {
        var parked = definition.Steps.FirstOrDefault(step => _steps[step.Name].State == StepState.Parked);
        return new TransactionStatus(
            State,
            parked is null ? _reason : $"{parked.Name}: {_steps[parked.Name].Reason}",
            [.. definition.Steps.Select(step => _steps[step.Name].Status(step))],
            _activities,
            [.. _tokens.Values]);
    }

    private Owed Begin(string step, Owed owed, DateTime now)
    {
        var progress = _steps[step];
        progress.Working = true;
        progress.State = owed == Owed.Do ? StepState.Running : StepState.Undoing;
        progress.StartedAt ??= now;
        return owed;
    }

    private void End(string step, StepState state, StepRecord record, DateTime now)
    {
        var progress = _steps[step];
        (progress.State, progress.Record, progress.Working, progress.EndedAt) = (state, record, false, now);
    }

    private bool Skip(string step, DateTime now)
    {
        End(step, StepState.Skipped, StepRecord.Undone, now);
        _facts.AddUndone(step);
        return true;
    }

    private bool Undone(string step, DateTime now)
    {
        Undone(step, [], now);
        return true;
    }

    private void Fail(string step, string? reason)
    {
        _steps[step].Reason = Shorten(reason ?? "It was refused without a reason.");
        _reason ??= $"{step}: {_steps[step].Reason}";
        _facts.AddFailed(step);
    }

    /// <summary>Of each stream the newest position only.</summary>
    private void Keep(IReadOnlyList<string> tokens)
    {
        foreach (var token in tokens) _tokens[token[..token.LastIndexOf('@')]] = token;
    }

    // The custom status holds 16 KiB in all.
    private static string Shorten(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…";

    private sealed class Progress
    {
        public StepState State { get; set; }

        public StepRecord Record { get; set; }

        public bool Working { get; set; }

        public int Attempts { get; set; }

        public DateTime? StartedAt { get; set; }

        public DateTime? EndedAt { get; set; }

        public string? Reason { get; set; }

        public StepStatus Status(StepDefinition step) =>
            new(step.Name, State, step.Participant, Attempts, StartedAt, EndedAt, Reason);
    }
}
