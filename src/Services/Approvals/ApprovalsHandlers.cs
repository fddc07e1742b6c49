using Atomic.EventSourcing;

namespace Atomic.Services.Approvals;

/// <summary>The one command of Approvals, on a stream of its own for each decision.</summary>
public sealed class ApprovalsHandlers(CommandHandler commands)
{
    public Task<Answer> HandleAsync(Decide command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Approval>(Approval.StreamOf(invocation.CommandId), invocation, _ => Approval.Decide(command), creates: true, cancellation);
}
