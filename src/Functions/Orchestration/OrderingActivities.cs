using Atomic.EventSourcing;
using Atomic.Services.Ordering;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>The acts of Ordering as steps of a transaction: one activity a command.</summary>
public sealed class OrderingActivities(OrderingHandlers ordering)
{
    [Function(nameof(CreateOrder))]
    public Task<Answer> CreateOrder([ActivityTrigger] StepCall<CreateOrder> step, CancellationToken cancellation) =>
        ordering.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(CancelOrder))]
    public Task<Answer> CancelOrder([ActivityTrigger] StepCall<CancelOrder> step, CancellationToken cancellation) =>
        ordering.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(ConfirmOrder))]
    public Task<Answer> ConfirmOrder([ActivityTrigger] StepCall<ConfirmOrder> step, CancellationToken cancellation) =>
        ordering.HandleAsync(step.Command, step.ToInvocation(), cancellation);
}
