using System.Text.Json;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Choreography;

/// <summary>Which transaction a message is about. It carries the input, so that no participant has to ask anyone for it.</summary>
/// <param name="StartedAt">When its start was asked for.</param>
/// <param name="TraceParent">W3C trace context of its start.</param>
/// <param name="Fingerprint">Of an orchestrated one, whose engine may lose it: what a second start with its key is held against.</param>
public sealed record TransactionHeader(
    string Id, string Definition, int Version, string Coordination, JsonElement Input, DateTimeOffset? StartedAt = null, string? TraceParent = null,
    string? Fingerprint = null);

/// <summary>A fact as it is published: to the participants it concerns, and to whoever watches.</summary>
/// <param name="Tokens">Where the streams stand that the step wrote to.</param>
public sealed record TransactionFact(TransactionHeader Transaction, Fact Fact, DateTimeOffset At, IReadOnlyList<string> Tokens)
{
    /// <summary>How many tries it took; 0 where nothing was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>What led to it has used, its own message included; null in facts of an earlier version of this code.</summary>
    public Usage? Used { get; init; }
}

/// <summary>What it took to state a fact.</summary>
/// <param name="Used">Beside the fact's own message.</param>
/// <param name="Attempts">Tries; 0 where nothing was tried.</param>
public sealed record Effort(Usage Used, int Attempts = 0)
{
    public static Effort None { get; } = new(Usage.None);
}

/// <summary>
/// Everything that an orchestrator knows of its transaction, in one message for whoever watches: at the end, and when a step is parked. A
/// later record of a transaction holds all that an earlier one does.
/// </summary>
public sealed record TransactionRecord(
    TransactionHeader Transaction, DateTimeOffset StartedAt, DateTimeOffset At, IReadOnlyList<TimedFact> Facts, TransactionStatus Status)
{
    public static TransactionRecord Of(TransactionHeader transaction, TransactionRun run, DateTime now)
    {
        var status = run.Status();
        return new TransactionRecord(
            transaction, status.StartedAt, now, [.. run.History.Select(heard => new TimedFact(heard.At, heard.Fact, heard.Tokens))], status);
    }

    /// <summary>As much as the status of an ended run tells: how each step ended, and not by what ways.</summary>
    public static TransactionRecord Of(TransactionHeader transaction, Definition declared, TransactionStatus status, DateTimeOffset now)
    {
        var facts = from each in declared.Steps.Zip(status.Steps)
                    from fact in FactsOf(each.First.Name, each.Second)
                    orderby fact.At
                    select new TimedFact(status.StartedAt.AddMilliseconds(fact.At), fact.Fact);
        return new TransactionRecord(transaction, status.StartedAt, now, [.. facts], status);
    }

    private static IEnumerable<(long At, Fact Fact)> FactsOf(string step, StepStatus known)
    {
        if (known.Ended is not { } ended) yield break;
        if (known.State == StepState.Undone) yield return (known.Began ?? ended, new Fact(FactKind.Succeeded, step));
        yield return (ended, known.State switch
        {
            StepState.Succeeded => new Fact(FactKind.Succeeded, step),
            StepState.Refused => new Fact(FactKind.Failed, step, known.Reason),
            StepState.Undone => new Fact(FactKind.Undone, step, Act: Act.Undo),
            _ => new Fact(FactKind.Undone, step, known.Reason, Act.Refuse),
        });
    }
}

/// <summary>A fact and when its transaction's coordinator learned of it.</summary>
/// <param name="Tokens">Where the streams stand that the step wrote to.</param>
public sealed record TimedFact(DateTimeOffset At, Fact Fact, IReadOnlyList<string>? Tokens = null);
