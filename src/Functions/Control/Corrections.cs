using Atomic.EventSourcing;

namespace Atomic.Functions.Control;

/// <summary>
/// The inputs that people have corrected steps to, as the transactions' logs have them. A correction's number there is the same for every run
/// of the transaction, so that what one has done with it another can undo.
/// </summary>
public sealed class Corrections(IEventStore events)
{
    /// <summary>Which of its step's corrections it is that a command brought; the first is 1.</summary>
    public async Task<int> NumberAsync(string transaction, string step, string command, CancellationToken cancellation)
    {
        var number = 0;
        await foreach (var commit in events.ReadAsync<TransactionLog>(transaction, 1, cancellation))
        {
            number += commit.Events.Count(e => e.Data is RetryRequested { Input: not null } asked && asked.Step == step);
            if (commit.CommandId == command) break;
        }

        return number;
    }
}
