using Atomic.Functions.Choreography;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>The one activity beyond the steps' own of every transaction: tells those who watch how an orchestrated transaction stands.</summary>
public sealed class RecordTransactionFunction(FactPublisher facts)
{
    [Function(nameof(RecordTransaction))]
    public async Task<bool> RecordTransaction([ActivityTrigger] TransactionRecord record, CancellationToken cancellation)
    {
        await facts.PublishAsync(record, cancellation);
        return true;
    }
}
