namespace Atomic.EventSourcing;

/// <summary>What a participant answers: a value, never an exception. An exception means that the outcome is unknown.</summary>
/// <param name="Accepted">False when the business refused; then nothing has changed.</param>
/// <param name="TooLate">Refused because its undo came first.</param>
/// <param name="Tokens">Where the streams stand that it wrote to.</param>
public sealed record Answer(bool Accepted, string? Reason, bool TooLate, IReadOnlyList<string> Tokens)
{
    internal const string Reverted = "It was reverted before it came.";

    /// <summary>Nothing was written now: it is the answer that was given before.</summary>
    public bool Repeated { get; init; }

    /// <summary>How many requests to storage it has taken, as far as they were counted.</summary>
    public int Requests { get; init; }

    /// <summary>How many messages were sent for it, as far as they were counted.</summary>
    public int Sent { get; init; }

    /// <summary>How many copies of these messages there are to be taken.</summary>
    public int Delivered { get; init; }

    /// <summary>The outcome is unknown as after an exception, and trying again is of no use.</summary>
    public bool IsFatal { get; init; }

    /// <summary>One answer of a command that was carried out on several streams: accepted when all of them are.</summary>
    public static Answer Of(params IReadOnlyList<Answer> parts)
    {
        var worst = parts.FirstOrDefault(part => !part.Accepted && !part.TooLate) ?? parts.FirstOrDefault(part => !part.Accepted) ?? parts[0];
        return worst with { Tokens = [.. parts.SelectMany(part => part.Tokens)], Repeated = parts.All(part => part.Repeated) };
    }

    internal static Answer Fatal(string reason) => new(false, reason, false, []) { IsFatal = true };
}

/// <summary>
/// Thrown by a command's handler when trying again is of no use: the provider does not know the account, the data cannot be read. Whether
/// anything happened is still unknown; who called settles that, without another try.
/// </summary>
public sealed class NonRetryableException(string reason, Exception? cause = null) : Exception(reason, cause)
{
    /// <summary>The answer of <paramref name="handle"/>; this exception as a value, since an exception's type does not survive the way to an orchestrator.</summary>
    public static async Task<Answer> AsAnswerAsync(Func<Task<Answer>> handle)
    {
        try
        {
            return await handle();
        }
        catch (NonRetryableException e)
        {
            return Answer.Fatal(e.Message);
        }
    }
}
