using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Orchestration;

namespace Atomic.Functions.Control;

/// <summary>
/// The inputs that people have corrected steps to, as the transactions' logs have them. A correction's number there is the same for every run
/// of the transaction, so that what one has done with it another can undo.
/// </summary>
public sealed class Corrections(IEventStore events)
{
    /// <summary>The start of a run that follows another: with what that one may have done, and no more time than it had.</summary>
    public async Task<TransactionStart> OfNextRunAsync(string transaction, TransactionStart start, CancellationToken cancellation) =>
        start with { Corrections = await FindAsync(transaction, cancellation), HasRunBefore = true, DeadlineFromStart = true };

    /// <summary>By step, in their order; null when there are none.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>?> FindAsync(string transaction, CancellationToken cancellation)
    {
        var inputs = new Dictionary<string, List<JsonElement>>();
        await foreach (var commit in events.ReadAsync<TransactionLog>(transaction, 1, cancellation))
        {
            foreach (var asked in Of(commit))
            {
                if (!inputs.TryGetValue(asked.Step, out var known)) inputs[asked.Step] = known = [];
                known.Add(asked.Input!.Value);
            }
        }

        return inputs.Count == 0 ? null : inputs.ToDictionary(step => step.Key, IReadOnlyList<JsonElement> (step) => step.Value);
    }

    /// <summary>Which of its step's corrections it is that a command brought; the first is 1.</summary>
    public async Task<int> NumberAsync(string transaction, string step, string command, CancellationToken cancellation)
    {
        var number = 0;
        await foreach (var commit in events.ReadAsync<TransactionLog>(transaction, 1, cancellation))
        {
            number += Of(commit).Count(asked => asked.Step == step);
            if (commit.CommandId == command) break;
        }

        return number;
    }

    private static IEnumerable<RetryRequested> Of(Commit commit) =>
        commit.Events.Select(e => e.Data).OfType<RetryRequested>().Where(asked => asked.Input is not null);
}
