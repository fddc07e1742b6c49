using Atomic.EventSourcing;
using Atomic.Services.Inventory;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>The acts of Inventory as steps of a transaction: one activity a command.</summary>
public sealed class InventoryActivities(InventoryHandlers inventory)
{
    [Function(nameof(ReserveStock))]
    public Task<Answer> ReserveStock([ActivityTrigger] StepCall<ReserveStock> step, CancellationToken cancellation) =>
        inventory.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(ReleaseStock))]
    public Task<Answer> ReleaseStock([ActivityTrigger] StepCall<ReleaseStock> step, CancellationToken cancellation) =>
        inventory.HandleAsync(step.Command, step.ToInvocation(), cancellation);
}
