using Atomic.EventSourcing;
using Atomic.Transactions;

namespace Atomic.Functions.Control;

/// <summary>The implicit pivot, where there is no orchestrator whose history records it, or another run may have come before that one's.</summary>
public sealed class CommitHandlers(CommandHandler commands)
{
    public Task<Answer> HandleAsync(CommitTransaction command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<TransactionLog>(
            invocation.Context.CorrelationId, invocation, _ => TransactionLog.Decide(command), creates: false, cancellation);
}
