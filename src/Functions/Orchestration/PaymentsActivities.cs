using Atomic.EventSourcing;
using Atomic.Services.Payments;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Orchestration;

/// <summary>The acts of Payments as steps of a transaction: one activity a command.</summary>
public sealed class PaymentsActivities(PaymentsHandlers payments)
{
    [Function(nameof(AuthorizePayment))]
    public Task<Answer> AuthorizePayment([ActivityTrigger] StepCall<AuthorizePayment> step, CancellationToken cancellation) =>
        payments.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(VoidPayment))]
    public Task<Answer> VoidPayment([ActivityTrigger] StepCall<VoidPayment> step, CancellationToken cancellation) =>
        payments.HandleAsync(step.Command, step.ToInvocation(), cancellation);

    [Function(nameof(CapturePayment))]
    public Task<Answer> CapturePayment([ActivityTrigger] StepCall<CapturePayment> step, CancellationToken cancellation) =>
        payments.HandleAsync(step.Command, step.ToInvocation(), cancellation);
}
