namespace Atomic.Transactions;

/// <summary>
/// Declares a definition as a table: each step beside its compensation, in order. A step comes after the one above it unless it says
/// otherwise (<c>after: []</c> for a first step). <c>when</c> makes a step conditional on the input.
/// </summary>
public sealed class DefinitionBuilder<TInput>(string name, int version) where TInput : notnull
{
    private readonly List<StepDefinition> _steps = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _nested = [];
    private string? _pivot;
    private string? _last;
    private TimeSpan? _deadline;

    /// <summary>A step that is undone when the transaction fails.</summary>
    /// <param name="held">When it is refused or its policy is spent, it waits for a person before anything is reverted.</param>
    public DefinitionBuilder<TInput> Step<TCommand, TCompensation>(
        string step, string participant, Func<TInput, TCommand> does, Func<TInput, TCompensation> undoneBy,
        Retry? retry = null, Func<TInput, bool>? when = null, bool held = false, string[]? after = null)
        where TCommand : notnull where TCompensation : notnull =>
        Add(New(step, participant, does, retry, when) with
        {
            Compensation = typeof(TCompensation).Name,
            MakeCompensation = input => undoneBy((TInput)input),
            IsHeld = held,
        }, after);

    /// <summary>A step that leaves nothing behind: a check, a quotation.</summary>
    public DefinitionBuilder<TInput> StepWithNothingToUndo<TCommand>(
        string step, string participant, Func<TInput, TCommand> does,
        Retry? retry = null, Func<TInput, bool>? when = null, bool held = false, string[]? after = null)
        where TCommand : notnull =>
        Add(New(step, participant, does, retry, when) with { NothingToUndo = true, IsHeld = held }, after);

    /// <summary>
    /// A step that a person carries out by a decision, or an event from outside by its data, within <paramref name="limit"/>; when it is
    /// refused, or nothing comes, the transaction is reverted. What came is not undone: what has to be reverted is a step of its own after it.
    /// </summary>
    /// <param name="does">The command that the record is asked with when nothing has come; what comes must be for the same stream.</param>
    /// <param name="problems">What is wrong with what comes, by field.</param>
    public DefinitionBuilder<TInput> Decision<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, TimeSpan limit,
        Retry? retry = null, Func<TInput, bool>? when = null, string[]? after = null,
        Func<TCommand, IEnumerable<(string Field, string Problem)>>? problems = null)
        where TCommand : notnull =>
        Add(New(step, participant, does, retry, when) with
        {
            NothingToUndo = true,
            DecisionLimit = limit,
            Problems = command => problems?.Invoke((TCommand)command) ?? [],
        }, after);

    /// <summary>The step after which there is no way back.</summary>
    public DefinitionBuilder<TInput> Pivot<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, Retry? retry = null, string[]? after = null)
        where TCommand : notnull
    {
        if (_pivot is not null) _problems.Add($"Step '{step}' is declared as the pivot, and so is '{_pivot}'.");
        _pivot = step;
        return Add(New(step, participant, does, retry, null), after);
    }

    /// <summary>A step after the pivot: retried until it succeeds.</summary>
    public DefinitionBuilder<TInput> ForwardOnly<TCommand>(
        string step, string participant, Func<TInput, TCommand> does,
        Retry? retry = null, Func<TInput, bool>? when = null, string[]? after = null)
        where TCommand : notnull =>
        Add(New(step, participant, does, retry, when) with { CanBeRefused = false }, after);

    /// <summary>
    /// A step that is itself a transaction. Its steps become steps of this one, called <c>{step}.{its step}</c>: the one rule does them
    /// and undoes them by their own compensations. It may have no pivot and no deadline of its own.
    /// </summary>
    public DefinitionBuilder<TInput> Nested<TChild>(
        string step, Definition child, Func<TInput, TChild> input, Func<TInput, bool>? when = null, string[]? after = null)
        where TChild : notnull
    {
        var inner = child.Declared.Steps.Where(one => !one.IsCommit).ToList();
        if (child.InputType != typeof(TChild)) _problems.Add($"Step '{step}' gives '{child.Name}' a {typeof(TChild).Name}, and it takes a {child.InputType.Name}.");
        if (child.Pivot != StepDefinition.Commit) _problems.Add($"Step '{step}' is the transaction '{child.Name}', which has a pivot of its own: '{child.Pivot}'.");
        if (child.Deadline is { } deadline) _problems.Add($"Step '{step}' is the transaction '{child.Name}', which has a deadline of its own: {deadline}.");

        var before = After(after);
        _steps.AddRange(inner.Select(one => one with
        {
            Name = $"{step}.{one.Name}",
            After = one.After.Count == 0 ? before : [.. one.After.Select(other => $"{step}.{other}")],
            MakeCommand = outer => one.MakeCommand(input((TInput)outer)),
            MakeCompensation = one.MakeCompensation is null ? null : outer => one.MakeCompensation(input((TInput)outer)),
            StreamsByInput = one.StreamsByInput is null ? null : outer => one.StreamsByInput(input((TInput)outer)),
            When = when is null && one.When is null
                ? null
                : outer => when?.Invoke((TInput)outer) != false && one.When?.Invoke(input((TInput)outer)) != false,
        }));
        _nested[step] = [.. Graph.LeavesOf(inner).Select(leaf => $"{step}.{leaf}")];
        _last = step;
        return this;
    }

    /// <summary>
    /// Said of the step above, for the prediction of costs alone: its command, and what undoes it, write to several streams, an event each.
    /// Without it, one is reckoned with.
    /// </summary>
    /// <param name="refusal">On how many streams a refusal is recorded.</param>
    public DefinitionBuilder<TInput> WritesTo(int streams, int refusal = 1) =>
        Change(step => step with { Streams = streams, RefusalStreams = refusal });

    /// <summary>Said of the step above, for the prediction of costs alone: to how many streams its command writes for an input.</summary>
    public DefinitionBuilder<TInput> WritesTo(Func<TInput, int> streams) =>
        Change(step => step with { StreamsByInput = input => streams((TInput)input) });

    /// <summary>Said of the step above, for the prediction of costs alone: it reaches an outside provider, if there is one.</summary>
    public DefinitionBuilder<TInput> AtProvider() => Change(step => step with { ReachesProvider = true });

    /// <summary>How long the whole may take until the pivot; then it is reverted.</summary>
    public DefinitionBuilder<TInput> Deadline(TimeSpan deadline)
    {
        _deadline = deadline;
        return this;
    }

    /// <exception cref="DefinitionException">All that is wrong with it.</exception>
    public Definition Build()
    {
        var steps = _steps.Select(step => step with
        {
            After = [.. step.After.SelectMany(before => _nested.TryGetValue(before, out var leaves) ? leaves : [before]).Distinct()],
        });
        return Definition.Build(name, version, typeof(TInput), [.. steps], _pivot, _deadline, _problems);
    }

    private static StepDefinition New<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, Retry? retry, Func<TInput, bool>? when)
        where TCommand : notnull => new(step, participant, typeof(TCommand).Name, null, [], input => does((TInput)input))
        {
            Retry = retry ?? Retry.Default,
            When = when is null ? null : input => when((TInput)input),
        };

    private DefinitionBuilder<TInput> Add(StepDefinition step, string[]? after)
    {
        _steps.Add(step with { After = After(after) });
        _last = step.Name;
        return this;
    }

    private DefinitionBuilder<TInput> Change(Func<StepDefinition, StepDefinition> change)
    {
        if (_steps.Count == 0) _problems.Add("What a step writes is said before there is one.");
        else _steps[^1] = change(_steps[^1]);
        return this;
    }

    private string[] After(string[]? after) => after ?? (_last is null ? [] : [_last]);
}
