using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Watch;

/// <summary>Looks for transactions that are stuck, or broken.</summary>
public sealed class WatchTransactionsFunction(TransactionWatch watch)
{
    [Function(nameof(WatchTransactions))]
    public Task WatchTransactions([TimerTrigger("30 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        watch.RunAsync(client, cancellation);
}
