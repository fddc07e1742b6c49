namespace Atomic.Functions.Definitions;

/// <summary>What <c>verify</c> has found out about a definition when it last tried everything that can go wrong once.</summary>
/// <param name="Counterexample">How the first violation comes about, as a sequence diagram in Mermaid; null where nothing is wrong.</param>
public sealed record LastVerdict(DateTimeOffset At, int Runs, int Violations, string? Counterexample);

/// <summary>The verdicts that are kept where definitions are verified; elsewhere there are none.</summary>
public interface IVerdicts
{
    /// <returns>Null when that version was never verified here.</returns>
    Task<LastVerdict?> FindAsync(string definition, int version, CancellationToken cancellation);
}

/// <summary>Nothing is verified here.</summary>
public sealed class NoVerdicts : IVerdicts
{
    public Task<LastVerdict?> FindAsync(string definition, int version, CancellationToken cancellation) => Task.FromResult<LastVerdict?>(null);
}
