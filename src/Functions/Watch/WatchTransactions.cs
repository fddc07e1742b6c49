using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>Looks for transactions that are stuck, or broken, and says that it did.</summary>
public sealed class WatchTransactionsFunction(TransactionWatch watch, ParkedSteps parked, ILogger<WatchTransactionsFunction> logger)
{
    [Function(nameof(WatchTransactions))]
    public async Task WatchTransactions(
        [TimerTrigger("30 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var found = await watch.RunAsync(client, cancellation);
        Logs.TransactionsWatched(logger, found.Count);
        await parked.SayAgainAsync(client, cancellation);
    }
}
