using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Ordering as a participant: its commands, and the ways in which they come.</summary>
public sealed class OrderingParticipant(StepDelivery steps)
{
    private const string Context = "ordering";

    public static Participant Of(CommandHandler commands, OrderingHandlers ordering) => Participant.Of(Context, commands)
        .On<RegisterCustomer>(ordering.HandleAsync)
        .On<EraseCustomer>(ordering.HandleAsync)
        .On<CreateOrder>(ordering.HandleAsync)
        .On<CancelOrder>(ordering.HandleAsync)
        .On<ConfirmOrder>(ordering.HandleAsync)
        .On<AcceptReturn>(ordering.HandleAsync)
        .On<WithdrawReturn>(ordering.HandleAsync)
        .On<CloseReturn>(ordering.HandleAsync);

    [Function(nameof(HandleOrderingCommands))]
    public Task HandleOrderingCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearOrderingFacts))]
    public Task HearOrderingFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadOrderingFacts))]
    public Task HearDeadOrderingFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(CreateOrder))]
    public Task<Answer> CreateOrder([ActivityTrigger] StepCall<CreateOrder> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CancelOrder))]
    public Task<Answer> CancelOrder([ActivityTrigger] StepCall<CancelOrder> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(ConfirmOrder))]
    public Task<Answer> ConfirmOrder([ActivityTrigger] StepCall<ConfirmOrder> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(AcceptReturn))]
    public Task<Answer> AcceptReturn([ActivityTrigger] StepCall<AcceptReturn> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(WithdrawReturn))]
    public Task<Answer> WithdrawReturn([ActivityTrigger] StepCall<WithdrawReturn> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CloseReturn))]
    public Task<Answer> CloseReturn([ActivityTrigger] StepCall<CloseReturn> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}
