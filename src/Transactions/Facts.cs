namespace Atomic.Transactions;

public enum FactKind
{
    /// <summary>The transaction has begun; about no step.</summary>
    Started,
    Succeeded,

    /// <summary>Certainly no effect, and none will come: refused, or settled after its policy was spent.</summary>
    Failed,

    /// <summary>Its effect is reverted, or will never come.</summary>
    Undone,

    /// <summary>It cannot go on without a person, or without its cause being removed.</summary>
    Parked,
}

/// <summary>An immutable event about one step of one transaction.</summary>
/// <param name="Act">What is parked; otherwise <see cref="Act.Do"/>.</param>
public sealed record Fact(FactKind Kind, string Step, string? Reason = null, Act Act = Act.Do);

/// <summary>The facts known about one transaction. Hearing one twice, or in another order, makes no difference.</summary>
public sealed class Facts
{
    private readonly HashSet<string> _succeeded = [];
    private readonly HashSet<string> _failed = [];
    private readonly HashSet<string> _undone = [];

    /// <summary>Some step has failed. A step is only undone because another failed, so one fact tells the other.</summary>
    public bool AnyFailed => _failed.Count > 0 || _undone.Count > 0;

    public IReadOnlySet<string> FailedSteps => _failed;

    public bool Succeeded(string step) => _succeeded.Contains(step);

    public bool Failed(string step) => _failed.Contains(step);

    public bool Undone(string step) => _undone.Contains(step);

    public void Add(FactKind kind, string step)
    {
        switch (kind)
        {
            case FactKind.Succeeded: _succeeded.Add(step); break;
            case FactKind.Failed: _failed.Add(step); break;
            case FactKind.Undone: _undone.Add(step); break;
        }
    }
}
