using Atomic.EventSourcing;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>
/// Holds the ledger of one transaction's effects against its definition: all of them or none net, each at most once, undone only when no
/// successor's effect stands, and nothing undone from the pivot on.
/// </summary>
public sealed class Oracle(Definition definition, string transaction)
{
    /// <summary>The steps whose effect stands, or a part of it, at the end of the ledger.</summary>
    public IReadOnlySet<string> Standing(IReadOnlyList<LedgerEntry> ledger) => Places(ledger).Select(place => place.Step).ToHashSet();

    /// <summary>Where the effects of steps stand at the end of the ledger: a step may write to several streams.</summary>
    public IReadOnlySet<(string Step, StreamId Stream)> Places(IReadOnlyList<LedgerEntry> ledger)
    {
        var records = new Dictionary<(string Key, StreamId Stream), RecordState>();
        foreach (var entry in ledger) records[(entry.Key, entry.Stream)] = entry.To;
        return (from record in records
                where record.Value == RecordState.Done
                let step = StepOf(record.Key.Key)
                where step is not null
                select (step, record.Key.Stream)).ToHashSet();
    }

    /// <summary>The steps that have left something behind, as text that can be compared.</summary>
    public string StandingText(IReadOnlyList<LedgerEntry> ledger) => string.Join(" ", Standing(ledger)
        .Where(step => !definition[step].IsCommit && !definition[step].NothingToUndo).Order(StringComparer.Ordinal));

    /// <summary>Every state that the records of all steps were in together, each as a letter a step.</summary>
    public IReadOnlySet<string> States(IReadOnlyList<LedgerEntry> ledger)
    {
        var places = definition.Steps.Select((step, place) => (step.Name, place)).ToDictionary(step => step.Name, step => step.place);
        var state = new string('-', places.Count).ToCharArray();
        var seen = new HashSet<string> { new(state) };
        foreach (var entry in ledger)
        {
            if (StepOf(entry.Key) is not { } step) continue;
            state[places[step]] = $"{entry.To}"[0];
            seen.Add(new string(state));
        }

        return seen;
    }

    /// <summary>What is wrong; nothing when all is as it must be.</summary>
    /// <param name="ended">How the transaction ended; null while it has not.</param>
    /// <param name="whole">Where the effects stand when nothing goes wrong; null when that is not known.</param>
    public IEnumerable<string> Violations(
        IReadOnlyList<LedgerEntry> ledger, TransactionState? ended, IReadOnlySet<(string Step, StreamId Stream)>? whole = null)
    {
        var records = new Dictionary<(string Step, StreamId Stream), RecordState>();
        foreach (var entry in ledger)
        {
            if (StepOf(entry.Key) is not { } step) continue;
            foreach (var violation in OfEntry(entry, step, records)) yield return violation;
            records[(step, entry.Stream)] = entry.To;
        }

        if (ended is null) yield break;
        var standing = Standing(ledger);
        // The implicit pivot leaves a record only where no run's history is enough.
        var steps = definition.Steps.Where(step => !step.IsCommit).Select(step => step.Name).ToList();
        if (ended == TransactionState.Completed)
        {
            foreach (var missing in steps.Except(standing)) yield return $"{missing} has no effect, and the transaction is completed";
            foreach (var violation in OfParts(Places(ledger), whole)) yield return violation;
        }
        else
        {
            foreach (var left in steps.Intersect(standing).Where(step => !definition[step].NothingToUndo))
                yield return $"{left} has an effect, and the transaction is compensated";
        }
    }

    /// <summary>A step that has its effect at one of its streams alone is half done.</summary>
    private IEnumerable<string> OfParts(
        IReadOnlySet<(string Step, StreamId Stream)> places, IReadOnlySet<(string Step, StreamId Stream)>? whole)
    {
        if (whole is null) yield break;
        foreach (var (step, stream) in whole.Except(places).Where(missing => places.Any(place => place.Step == missing.Step)))
            yield return $"{step} has no effect at {stream}, and has one elsewhere";
        foreach (var (step, stream) in places.Except(whole).Where(place => !definition[place.Step].IsCommit)) yield return $"{step} has an effect at {stream}, where it has none when nothing goes wrong";
    }

    private IEnumerable<string> OfEntry(LedgerEntry entry, string step, Dictionary<(string Step, StreamId Stream), RecordState> records)
    {
        if (entry.To == RecordState.Done && records.GetValueOrDefault((step, entry.Stream)) != RecordState.None)
            yield return $"{step} is done again at {entry.Stream}";
        if (entry is { To: RecordState.Undone, Events.Count: > 0 } && records.GetValueOrDefault((step, entry.Stream)) == RecordState.Undone)
            yield return $"{step} is undone again at {entry.Stream}";
        if (entry is { To: RecordState.Done })
        {
            foreach (var missing in definition[step].After.Where(before => !definition[before].IsCommit && !Stands(before)))
                yield return $"{step} is done before {missing}";
        }

        if (entry is not { From: RecordState.Done, To: RecordState.Undone }) yield break;
        if (definition.KindOf(step) != StepKind.Compensatable) yield return $"{step} is undone, and it is {definition.KindOf(step)}";
        foreach (var next in definition.Steps.Where(next => definition.IsAfter(next.Name, step) && !next.NothingToUndo && Stands(next.Name)))
            yield return $"{step} is undone while {next.Name} stands";

        bool Stands(string other) => records.Any(record => record.Key.Step == other && record.Value == RecordState.Done);
    }

    private string? StepOf(string key) => key.StartsWith(transaction + ":", StringComparison.Ordinal)
        && key[(transaction.Length + 1)..].Split(':')[0] is var step && definition.Find(step) is not null
        ? step
        : null;
}
