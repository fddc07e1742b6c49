using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>A transaction whose orchestration follows another.</summary>
public sealed record RunBefore(string Transaction, string Definition, int Version);

/// <summary>What people have asked of a transaction in earlier runs.</summary>
/// <param name="Corrections">
/// By step, every input that the step's was corrected to, in their order; null when there are none. An earlier run may have carried the step out
/// with any of them.
/// </param>
/// <param name="Cancelled">Who wanted it cancelled first, and why; null when nobody did.</param>
public sealed record Recalled(IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Corrections, string? Cancelled);

/// <summary>
/// The first activity of a run that follows another: what was asked meanwhile was heard by nobody. It is asked for by the run itself, since
/// whoever asks something after that finds a run that hears it, and nothing comes between.
/// </summary>
public sealed class RecallTransactionFunction(TransactionCatalog catalog, IEventStore events, AwaitedAnswers answers)
{
    [Function(nameof(RecallTransaction))]
    public async Task<Recalled> RecallTransaction([ActivityTrigger] RunBefore before, CancellationToken cancellation)
    {
        var (corrections, given, cancelled) = (new Dictionary<string, List<JsonElement>>(), new List<AnswerGiven>(), (CancelRequested?)null);
        // Not from memory: another process may have written what this one does not know of.
        await foreach (var commit in events.ReadAsync<TransactionLog>(before.Transaction, 1, cancellation))
        {
            foreach (var e in commit.Events)
            {
                if (e.Data is CancelRequested cancel) cancelled ??= cancel;
                else if (e.Data is AnswerGiven answer) given.Add(answer);
                else if (e.Data is RetryRequested { Input: { } input, Step: var step })
                    corrections[step] = [.. corrections.GetValueOrDefault(step, []), input];
            }
        }

        await AnswerAsync(before, given, cancellation);
        return new Recalled(
            corrections.Count == 0 ? null : corrections.ToDictionary(step => step.Key, IReadOnlyList<JsonElement> (step) => step.Value),
            cancelled?.Reason);
    }

    /// <summary>What people have decided for the run before, they need not decide again: nobody else would tell the new one.</summary>
    private async Task AnswerAsync(RunBefore before, IEnumerable<AnswerGiven> given, CancellationToken cancellation)
    {
        var definition = catalog.Pinned(before.Definition, before.Version).Definition;
        foreach (var answer in given)
            await answers.SendAsync(before.Transaction, definition, definition[answer.Step], header: null, answer, cancellation);
    }
}
