using Atomic.EventSourcing;
using Atomic.Services.Shipping;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>The acts of Shipping as steps of a transaction: one activity a command.</summary>
public sealed class ShippingActivities(ShippingHandlers shipping)
{
    [Function(nameof(BookShipment))]
    public Task<Answer> BookShipment([ActivityTrigger] StepCall<BookShipment> step, CancellationToken cancellation) =>
        shipping.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(CancelShipment))]
    public Task<Answer> CancelShipment([ActivityTrigger] StepCall<CancelShipment> step, CancellationToken cancellation) =>
        shipping.HandleAsync(step.Command, step.ToInvocation(), cancellation);
}
