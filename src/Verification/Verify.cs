namespace Atomic.Verification;

/// <summary>
/// Runs a definition's real rule, coupling code and participants in memory, in virtual time, with everything that can go wrong once: each
/// step and undo refused, failing, late, doubled and out of order; a crash before and after every call to storage and broker; a cancel and
/// a deadline at every moment. Whatever happens, all effects stand or none, or the transaction is parked with a reason.
/// </summary>
public static class Verify
{
    /// <summary>Every single fault in each coupling.</summary>
    /// <exception cref="VerificationException">Some run did not end as it must; the message holds the sequence, and how to repeat it.</exception>
    public static async Task<Verdict> AllSinglesAsync(Scenario scenario, VerificationOptions? options = null, CancellationToken cancellation = default)
    {
        var verdict = await FindAsync(scenario, options, cancellation);
        return verdict.Violations.Count == 0 ? verdict : throw new VerificationException(verdict);
    }

    /// <summary>As <see cref="AllSinglesAsync"/>, with what is wrong in the verdict.</summary>
    /// <exception cref="ArgumentException">There is no fault of the name that is asked for.</exception>
    public static Task<Verdict> FindAsync(Scenario scenario, VerificationOptions? options = null, CancellationToken cancellation = default) =>
        Task.Run(() => new Verifier(scenario, options ?? new VerificationOptions(), cancellation).Run(), cancellation);
}
