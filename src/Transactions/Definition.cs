namespace Atomic.Transactions;

/// <summary>A transaction as it was declared and checked: a directed acyclic graph of steps around one pivot.</summary>
public sealed class Definition
{
    private readonly Dictionary<string, StepDefinition> _steps;
    private readonly Dictionary<string, StepKind> _kinds;

    internal Definition(string name, int version, Type inputType, IReadOnlyList<StepDefinition> steps, string? pivot)
    {
        (Name, Version, InputType, Steps, Pivot) = (name, version, inputType, steps, pivot);
        _steps = steps.ToDictionary(step => step.Name);
        _kinds = steps.ToDictionary(step => step.Name, step => Graph.KindOf(step.Name, steps, pivot));
    }

    public string Name { get; }

    public int Version { get; }

    public Type InputType { get; }

    public IReadOnlyList<StepDefinition> Steps { get; }

    /// <summary>The declared pivot; null when all steps can be undone until the last of them has succeeded.</summary>
    public string? Pivot { get; }

    public StepDefinition this[string step] => _steps[step];

    public StepKind KindOf(string step) => _kinds[step];

    public IEnumerable<StepDefinition> SuccessorsOf(string step) => Steps.Where(other => other.After.Contains(step));

    /// <summary>Builds a definition from its table.</summary>
    /// <exception cref="DefinitionException">All that is wrong with it, each with its step's name.</exception>
    public static Definition Build(
        string name, int version, Type inputType, IReadOnlyList<StepDefinition> steps, string? pivot, TimeSpan? deadline = null)
    {
        var problems = DefinitionProblems.Of(name, version, steps, pivot, deadline).ToList();
        return problems.Count == 0
            ? new Definition(name, version, inputType, steps, pivot)
            : throw new DefinitionException(name, problems);
    }
}

/// <summary>A definition that cannot be run safely.</summary>
public sealed class DefinitionException(string name, IReadOnlyList<string> problems)
    : Exception($"The definition '{name}' is wrong: {string.Join(" ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
