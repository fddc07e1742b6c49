namespace Atomic.Transactions;

/// <summary>
/// Declares a definition as a table: each step beside its compensation, in order. A step comes after the one above it unless it says
/// otherwise.
/// </summary>
public sealed class DefinitionBuilder<TInput>(string name, int version) where TInput : notnull
{
    private readonly List<StepDefinition> _steps = [];
    private string? _pivot;
    private TimeSpan? _deadline;

    /// <summary>A step that is undone when the transaction fails.</summary>
    public DefinitionBuilder<TInput> Step<TCommand, TCompensation>(
        string step, string participant, Func<TInput, TCommand> does, Func<TInput, TCompensation> undoneBy,
        Retry? retry = null, params string[] after)
        where TCommand : notnull where TCompensation : notnull =>
        Add(step, participant, does, typeof(TCompensation).Name, input => undoneBy((TInput)input)!, retry, after, canBeRefused: true);

    /// <summary>A step that leaves nothing behind: a check, a quotation.</summary>
    public DefinitionBuilder<TInput> StepWithNothingToUndo<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, Retry? retry = null, params string[] after)
        where TCommand : notnull =>
        Add(step, participant, does, null, null, retry, after, canBeRefused: true, nothingToUndo: true);

    /// <summary>The step after which there is no way back.</summary>
    public DefinitionBuilder<TInput> Pivot<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, Retry? retry = null, params string[] after)
        where TCommand : notnull
    {
        _pivot = step;
        return Add(step, participant, does, null, null, retry, after, canBeRefused: true);
    }

    /// <summary>A step after the pivot: retried until it succeeds.</summary>
    public DefinitionBuilder<TInput> ForwardOnly<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, Retry? retry = null, params string[] after)
        where TCommand : notnull =>
        Add(step, participant, does, null, null, retry, after, canBeRefused: false);

    /// <summary>How long the whole may take until the pivot.</summary>
    public DefinitionBuilder<TInput> Deadline(TimeSpan deadline)
    {
        _deadline = deadline;
        return this;
    }

    /// <exception cref="DefinitionException">All that is wrong with it.</exception>
    public Definition Build() => Definition.Build(name, version, typeof(TInput), _steps, _pivot, _deadline);

    private DefinitionBuilder<TInput> Add<TCommand>(
        string step, string participant, Func<TInput, TCommand> does, string? compensation, Func<object, object>? undoneBy,
        Retry? retry, string[] after, bool canBeRefused, bool nothingToUndo = false)
        where TCommand : notnull
    {
        IReadOnlyList<string> before = after.Length > 0 || _steps.Count == 0 ? after : [_steps[^1].Name];
        _steps.Add(new StepDefinition(
            step, participant, typeof(TCommand).Name, compensation, before, retry ?? Retry.Default, nothingToUndo, canBeRefused,
            input => does((TInput)input), undoneBy));
        return this;
    }
}
