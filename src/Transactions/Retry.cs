using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Atomic.Transactions;

/// <summary>How often and after what waits an unknown outcome is tried again.</summary>
/// <param name="Attempts">Tries in all, at least 1.</param>
/// <param name="First">The wait before the second try; each further one is twice as long.</param>
/// <param name="Longest">No wait is longer.</param>
/// <param name="Limit">How long one try may take before its outcome counts as unknown; null leaves it to the coupling.</param>
public sealed record Retry(int Attempts, TimeSpan First, TimeSpan Longest, TimeSpan? Limit = null)
{
    private const int TriesByTheMinute = 10;

    private static readonly TimeSpan LongestParked = TimeSpan.FromMinutes(15);

    public static Retry Default { get; } = new(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>The longest that the waits and the limited tries together can take.</summary>
    public TimeSpan Total
    {
        get
        {
            var waits = Enumerable.Range(1, Math.Max(0, Attempts - 1)).Sum(attempt => After(attempt).Ticks);
            return TimeSpan.FromTicks(waits) + ((Limit ?? TimeSpan.Zero) * Math.Max(0, Attempts));
        }
    }

    /// <summary>The longest that it can take where a try without a limit of its own goes unanswered for so long.</summary>
    public TimeSpan TotalWithin(TimeSpan patience) => (this with { Limit = Limit ?? patience }).Total;

    /// <summary>The wait after the failed try number <paramref name="attempt"/> (the first is 1), without jitter.</summary>
    public TimeSpan After(int attempt) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks * (1L << Math.Min(attempt - 1, 30))));

    /// <summary>
    /// The wait before try number <paramref name="attempt"/> (the first is 1) of what is parked: a minute, and up to 15 once it has stood
    /// still for some, since each try stays in a history that a replay goes through.
    /// </summary>
    public static TimeSpan WhileParked(int attempt)
    {
        var wait = TimeSpan.FromMinutes(Math.Max(1, attempt - TriesByTheMinute + 1));
        return wait < LongestParked ? wait : LongestParked;
    }

    /// <summary>
    /// The wait with jitter, between half and the whole of it. Transactions spread; one and the same try always waits the same, so
    /// that a replay and a redelivery do.
    /// </summary>
    public TimeSpan After(int attempt, string transaction, string step)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{transaction}:{step}:{attempt}"));
        var spread = BinaryPrimitives.ReadUInt32LittleEndian(digest) / (double)uint.MaxValue;
        return After(attempt) * (0.5 + (spread / 2));
    }
}
