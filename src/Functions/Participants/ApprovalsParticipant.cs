using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Approvals;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Approvals as a participant: its commands, and the ways in which they come.</summary>
public sealed class ApprovalsParticipant(ApprovalsHandlers approvals, StepDelivery steps)
{
    public static Participant Of(ApprovalsHandlers approvals) => Participant.Of("approvals")
        .On<Decide>(approvals.HandleAsync);

    [Function(nameof(HandleApprovalsCommands))]
    public Task HandleApprovalsCommands(
        [ServiceBusTrigger("approvals-commands", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        CommandDelivery.HandleAsync(message, actions, command => steps.HandleAsync("approvals", command, cancellation), cancellation);

    [Function(nameof(HearApprovalsFacts))]
    public Task HearApprovalsFacts(
        [ServiceBusTrigger(BusNames.Events, "approvals-steps", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync("approvals", message, actions, cancellation);

    [Function(nameof(HearDeadApprovalsFacts))]
    public Task HearDeadApprovalsFacts(
        [ServiceBusTrigger(BusNames.Events, "approvals-steps/$DeadLetterQueue", Connection = BusNames.Connection)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync("approvals", message, actions, cancellation);

    [Function(nameof(Decide))]
    public Task<Answer> Decide([ActivityTrigger] StepCall<Decide> step, CancellationToken cancellation) =>
        step.HandleAsync(approvals.HandleAsync, cancellation);
}
