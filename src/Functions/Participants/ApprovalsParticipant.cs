using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Approvals;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Approvals as a participant: its commands, and the ways in which they come.</summary>
public sealed class ApprovalsParticipant(StepDelivery steps)
{
    private const string Context = "approvals";

    public static Participant Of(CommandHandler commands, ApprovalsHandlers approvals) => Participant.Of(Context, commands)
        // The step names the stream, whatever is decided.
        .On<Decide>(approvals.HandleAsync, stream: _ => "");

    [Function(nameof(HandleApprovalsCommands))]
    public Task HandleApprovalsCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearApprovalsFacts))]
    public Task HearApprovalsFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadApprovalsFacts))]
    public Task HearDeadApprovalsFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(Decide))]
    public Task<Answer> Decide([ActivityTrigger] StepCall<Decide> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}
