using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Costs;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Choreography;

/// <summary>What a participant remembers of one step of one transaction besides the barrier's record. Most steps need nothing.</summary>
/// <param name="Heard">The facts, for a step that waits for several.</param>
/// <param name="Parked">What could not be carried out.</param>
/// <param name="AwaitsDecision">A person may decide now.</param>
public sealed record StepNotes(IReadOnlyList<HeardFact> Heard, ParkedStep? Parked, bool AwaitsDecision)
{
    /// <summary>What was used to hear what is noted; null while nothing was.</summary>
    public Usage? Used { get; init; }

    /// <summary>
    /// The inputs that people have corrected the step's to, each noted before what was tried with the one before it is settled: whatever was
    /// done with any of them can be undone. Those that are settled for certain are left out.
    /// </summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>The order with the input that was noted next after its own; null when it has the newest.</summary>
    public StepOrder? Corrected(StepOrder order) =>
        Corrections.FirstOrDefault(correction => correction.Edition > order.Edition) is { } next ? order with { Edition = next.Edition, Data = next.Input } : null;

    /// <summary>The notes with another input for what is parked. One that came a second time, or after a later one, changes nothing.</summary>
    /// <param name="number">
    /// Which correction of the step's input it is, by the transaction's log; 0 in orders of an earlier version of this code, which count as they come.
    /// </param>
    public StepNotes With(StepOrder parked, JsonElement input, int number)
    {
        var open = Corrections.Where(correction => correction.Edition >= parked.Edition).ToList();
        var newest = Math.Max(parked.Edition, open.Select(correction => correction.Edition).LastOrDefault());
        var isKnown = number == 0
            ? open is [.., var last] && last.Edition > parked.Edition && JsonElement.DeepEquals(last.Input, input)
            : number <= newest;
        return isKnown ? this : this with { Corrections = [.. open, new Correction(number == 0 ? newest + 1 : number, input)] };
    }
}

/// <summary>An input that a person has corrected a step's to.</summary>
/// <param name="Edition">How often it was corrected until then.</param>
public sealed record Correction(int Edition, JsonElement Input);

public sealed record HeardFact(FactKind Kind, string Step);

/// <summary>An act that stands still, with the order that is tried again.</summary>
/// <param name="Act">Null when it could not even be found out what is owed.</param>
public sealed record ParkedStep(Act? Act, string Reason, DateTimeOffset Since, StepOrder Order);

/// <summary>The notes of participants, a row a step. Written with the row's tag: what two messages hear at once is kept, both.</summary>
public sealed class StepMemory(IReadModelStore rows)
{
    /// <summary>The table of the notes.</summary>
    public const string Table = "stepNotesV1";

    private const int Attempts = 16;

    private static readonly StepNotes Nothing = new([], null, false);

    public async Task<StepNotes?> FindAsync(string transaction, string step, CancellationToken cancellation) =>
        (await rows.FindAsync<StepNotes>(Table, KeyOf(transaction, step), fresh: true, cancellation))?.Data;

    /// <summary>Steps that stand still, of the given transactions' definition if one is named.</summary>
    public async Task<Page<ParkedStep>> ListParkedAsync(string? definition, int pageSize, string? continuation, CancellationToken cancellation)
    {
        var columns = new Dictionary<string, string> { ["Parked"] = "yes" };
        if (definition is not null) columns["Definition"] = definition;
        var page = await rows.ListAsync<StepNotes>(Table, columns, pageSize, continuation, cancellation);
        return new Page<ParkedStep>([.. page.Items.Select(row => row.Data.Parked!)], page.Continuation);
    }

    /// <summary>Adds a fact to those heard, and gives them all, with what those before it have used.</summary>
    public async Task<(Facts Facts, Usage Before)> HearAsync(TransactionHeader transaction, string step, Fact fact, CancellationToken cancellation)
    {
        using var meter = Meter.Begin();
        var (heard, before) = (new HeardFact(fact.Kind, fact.Step), Usage.None);
        var notes = await ChangeAsync(transaction, step, Add, cancellation);
        var facts = new Facts();
        foreach (var known in notes.Heard) facts.Add(known.Kind, known.Step);
        return (facts, before);

        StepNotes Add(StepNotes notes)
        {
            before = notes.Used ?? Usage.None;
            // The write of the notes is yet to come.
            return notes.Heard.Contains(heard) ? notes : notes with { Heard = [.. notes.Heard, heard], Used = before + meter.Used + new Usage(Requests: 1) };
        }
    }

    /// <exception cref="ContendedRowException">Others kept changing the notes; nothing was written.</exception>
    public async Task<StepNotes> ChangeAsync(
        TransactionHeader transaction, string step, Func<StepNotes, StepNotes> change, CancellationToken cancellation)
    {
        var key = KeyOf(transaction.Id, step);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var row = await rows.FindAsync<StepNotes>(Table, key, fresh: attempt > 0, cancellation);
            var before = row?.Data ?? Nothing;
            var after = change(before);
            if (ReferenceEquals(after, before))
            {
                // A row from memory may be older than what another process has noted; that there is none was read.
                if (attempt > 0 || row is null) return after;
                continue;
            }

            var written = new Row<StepNotes>(key, after, row?.Applied ?? new Dictionary<string, long>(), row?.Tag);
            if (await rows.WriteAsync(Table, written, ColumnsOf(transaction, after), cancellation)) return after;
        }

        throw new ContendedRowException(Table, key);
    }

    private static string KeyOf(string transaction, string step) => $"{transaction}:{step}";

    private static Dictionary<string, string> ColumnsOf(TransactionHeader transaction, StepNotes notes) => new()
    {
        ["Parked"] = notes.Parked is null ? "no" : "yes",
        ["Definition"] = transaction.Definition,
    };
}
