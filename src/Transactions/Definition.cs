using System.Collections.Concurrent;

namespace Atomic.Transactions;

/// <summary>A transaction as it was declared and checked: a directed acyclic graph of steps around one pivot.</summary>
public sealed class Definition
{
    private readonly Dictionary<string, StepDefinition> _steps;
    private readonly Dictionary<string, StepKind> _kinds;
    private readonly Dictionary<string, IReadOnlySet<string>> _ancestors;

    // By the steps that they do without: as many as answers of the conditions together, and asked for with every fact.
    private readonly ConcurrentDictionary<string, Definition> _conditional = new(StringComparer.Ordinal);

    private Definition(Definition? declared, string name, int version, Type inputType, IReadOnlyList<StepDefinition> steps, string pivot, TimeSpan? deadline)
    {
        (Name, Version, InputType, Steps, Pivot, Deadline) = (name, version, inputType, steps, pivot, deadline);
        Declared = declared ?? this;
        _steps = steps.ToDictionary(step => step.Name);
        _ancestors = steps.ToDictionary(step => step.Name, step => Graph.AncestorsOf(step.Name, steps));
        _kinds = steps.ToDictionary(step => step.Name, step => Graph.KindOf(step.Name, steps, pivot));
    }

    public string Name { get; }

    public int Version { get; }

    public Type InputType { get; }

    /// <summary>In the order of the table; last, where no pivot is declared, the implicit one.</summary>
    public IReadOnlyList<StepDefinition> Steps { get; }

    /// <summary>The step after which there is no way back: the declared one, or the implicit <see cref="StepDefinition.Commit"/>.</summary>
    public string Pivot { get; }

    /// <summary>
    /// The steps whose records tell whether the pivot is done: its own, or where it is implicit those behind which no other has anything to undo.
    /// When all of these are done and not undone, so is every step before them.
    /// </summary>
    public IEnumerable<StepDefinition> Closing => this[Pivot] is { IsCommit: false } declared
        ? [declared]
        : Steps.Where(step => !step.IsCommit && Steps.All(other => other.IsCommit || other.NothingToUndo || !IsAfter(other.Name, step.Name)));

    /// <summary>How long the whole may take until the pivot; null when it may take any time.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>With all its conditional steps; itself, unless <see cref="For"/> made this one.</summary>
    public Definition Declared { get; }

    public StepDefinition this[string step] => _steps[step];

    public StepDefinition? Find(string step) => _steps.GetValueOrDefault(step);

    public StepKind KindOf(string step) => _kinds[step];

    public IEnumerable<StepDefinition> SuccessorsOf(string step) => Steps.Where(other => other.After.Contains(step));

    /// <summary>Whether <paramref name="step"/> can only be done once <paramref name="other"/> has succeeded, near or far.</summary>
    public bool IsAfter(string step, string other) => _ancestors[step].Contains(other);

    /// <summary>Whether the step must succeed in the end, so that a refusal is a failure to be retried and not an answer.</summary>
    public bool MustSucceed(StepDefinition step) => step.IsHeld || KindOf(step.Name) == StepKind.ForwardOnly;

    /// <summary>
    /// The definition that a transaction with this input runs: without the steps whose condition says no, their neighbours joined. Every
    /// coupling runs this one, so a condition costs nothing and is decided once, the same everywhere.
    /// </summary>
    public Definition For(object input)
    {
        var gone = Declared.Steps.Where(step => step.When?.Invoke(input) == false).Select(step => step.Name).ToHashSet();
        return gone.Count == 0 ? Declared : Declared._conditional.GetOrAdd(string.Join(' ', gone), _ => Declared.Without(gone));
    }

    private Definition Without(IReadOnlySet<string> gone) =>
        new(this, Name, Version, InputType, Graph.Without(gone, Steps), Pivot, Deadline);

    /// <summary>The longest that it can take until its pivot is done where a try without a limit of its own goes unanswered for so long.</summary>
    public TimeSpan LongestToPivot(TimeSpan patience) =>
        Graph.LongestTo([Pivot], Steps, step => step.IsCommit ? TimeSpan.Zero : step.DecisionLimit ?? step.Retry.TotalWithin(patience));

    /// <summary>The same definition with another deadline.</summary>
    /// <exception cref="DefinitionException">It is shorter than the retries before the pivot can take.</exception>
    public Definition WithDeadline(TimeSpan deadline) =>
        Build(Name, Version, InputType, [.. Declared.Steps.Where(step => !step.IsCommit)], Pivot == StepDefinition.Commit ? null : Pivot, deadline);

    /// <summary>Builds a definition from its table.</summary>
    /// <exception cref="DefinitionException">All that is wrong with it, each with its step's name.</exception>
    public static Definition Build(
        string name, int version, Type inputType, IReadOnlyList<StepDefinition> steps, string? pivot, TimeSpan? deadline = null,
        IEnumerable<string>? problems = null)
    {
        var found = (problems ?? []).Concat(DefinitionProblems.Of(name, version, steps, pivot, deadline)).ToList();
        if (found.Count > 0) throw new DefinitionException(name, found);

        return pivot is null
            ? new Definition(null, name, version, inputType, [.. steps, StepDefinition.CommitAfter(Graph.LeavesOf(steps))], StepDefinition.Commit, deadline)
            : new Definition(null, name, version, inputType, steps, pivot, deadline);
    }
}

/// <summary>A definition that cannot be run safely.</summary>
public sealed class DefinitionException(string name, IReadOnlyList<string> problems)
    : Exception($"The definition '{name}' is wrong: {string.Join(" ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
