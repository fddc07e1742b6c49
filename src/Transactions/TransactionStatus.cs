using System.Text.Json.Serialization;
using Atomic.Transactions.Costs;

namespace Atomic.Transactions;

/// <summary>How a transaction stands. Only <see cref="Completed"/> and <see cref="Compensated"/> are ends.</summary>
public enum TransactionState
{
    Running,
    Compensating,
    Completed,
    Compensated,
    NeedsAttention,
}

/// <summary>How a step stands.</summary>
public enum StepState
{
    Waiting,
    Running,
    Succeeded,
    Refused,
    Undoing,
    Undone,

    /// <summary>Never done, and never will be.</summary>
    Skipped,

    /// <summary>Its policy is spent: a person must look at it.</summary>
    Parked,
}

/// <summary>A step's state with its times, in milliseconds since the transaction began.</summary>
/// <param name="Attempts">Tries of its do and its undo together.</param>
public sealed record StepStatus(
    [property: JsonPropertyName("s")] StepState State,
    [property: JsonPropertyName("n")] int Attempts,
    [property: JsonPropertyName("b"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Began,
    [property: JsonPropertyName("e"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Ended,
    [property: JsonPropertyName("r"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    /// <summary>What stands still; null unless the step is parked, and in what an earlier version of this code kept.</summary>
    [JsonPropertyName("d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Act? Parked { get; init; }
}

/// <summary>
/// A transaction as an orchestrator keeps it in its custom status, which holds 16 KiB: hence the short names in JSON. Reasons and tokens
/// are cut where they would not fit.
/// </summary>
/// <param name="Steps">In the order of the definition, conditional ones included.</param>
/// <param name="Activities">How many activities it has used.</param>
/// <param name="Tokens">Where the streams stand that it wrote to.</param>
public sealed record TransactionStatus(
    [property: JsonPropertyName("s")] TransactionState State,
    [property: JsonPropertyName("r"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonPropertyName("at")] DateTime StartedAt,
    [property: JsonPropertyName("p")] IReadOnlyList<StepStatus> Steps,
    [property: JsonPropertyName("a")] int Activities,
    [property: JsonPropertyName("t")] IReadOnlyList<string> Tokens)
{
    /// <summary>16 KiB, counted in the UTF-16 in which the engine counts.</summary>
    public const int MaxCharacters = 8 * 1024;

    private const int LongestReason = 300;

    /// <summary>What was used for it, activities apart; null in what an earlier version of this code kept.</summary>
    [JsonPropertyName("u")]
    public Usage? Used { get; init; }

    [JsonIgnore]
    public bool HasEnded => State is TransactionState.Completed or TransactionState.Compensated;

    /// <summary>When the last step so far ended; null while none has. Whoever watches is told after that, so the orchestration ends later.</summary>
    [JsonIgnore]
    public DateTime? LastStepAt => Steps.Max(step => step.Ended) is { } ended ? StartedAt.AddMilliseconds(ended) : null;

    /// <summary>The status within its limit.</summary>
    public TransactionStatus Fitted()
    {
        var fitted = this with { Reason = Shorten(Reason, LongestReason), Steps = [.. Steps.Select(step => Shortened(step, LongestReason))] };
        for (var length = LongestReason / 2; fitted.Size > MaxCharacters && length > 0; length /= 2)
        {
            var longest = length;
            fitted = fitted with { Reason = Shorten(Reason, longest * 2), Steps = [.. fitted.Steps.Select(step => Shortened(step, longest))] };
            while (fitted.Size > MaxCharacters && fitted.Tokens.Count > longest / 4) fitted = fitted with { Tokens = [.. fitted.Tokens.Skip(1)] };
        }

        return fitted;
    }

    // An upper bound of what it takes as JSON, without writing it: anything but plain ASCII may be escaped to six characters.
    private int Size => 260 + SizeOf(Reason) + Steps.Sum(step => (step.Parked is null ? 64 : 80) + SizeOf(step.Reason)) + Tokens.Sum(token => 3 + SizeOf(token));

    private static int SizeOf(string? text) => text?.Sum(c => char.IsAsciiLetterOrDigit(c) || " .,:;-_=@/()".Contains(c, StringComparison.Ordinal) ? 1 : 6) ?? 0;

    private static StepStatus Shortened(StepStatus step, int longest) => step with { Reason = Shorten(step.Reason, longest) };

    private static string? Shorten(string? text, int longest) => text is null || text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
}
