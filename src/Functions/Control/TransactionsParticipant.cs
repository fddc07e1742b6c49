using System.Diagnostics;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Operations;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Transactions;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Control;

/// <summary>Transactions as a participant of themselves: their commands, and the implicit pivot of those that nobody coordinates.</summary>
public sealed class TransactionsParticipant(TransactionHandlers transactions, CommandDelivery delivery, StepDelivery steps)
{
    public static Participant Of(CommandHandler commands, CommitHandlers commits) =>
        Participant.Of(StepDefinition.CommitParticipant, commands).On<CommitTransaction>(commits.HandleAsync);

    [Function(nameof(HandleTransactionsCommands))]
    public Task HandleTransactionsCommands(
        [ServiceBusTrigger("transactions-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        delivery.HandleAsync(messages, actions, command => HandleAsync(command, client, cancellation), cancellation);

    [Function(nameof(HearTransactionsFacts))]
    public Task HearTransactionsFacts(
        [ServiceBusTrigger(BusNames.Events, "transactions-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearAsync(StepDefinition.CommitParticipant, message, actions, cancellation);

    [Function(nameof(HearDeadTransactionsFacts))]
    public Task HearDeadTransactionsFacts(
        [ServiceBusTrigger(BusNames.Events, "transactions-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        steps.HearDeadAsync(StepDefinition.CommitParticipant, message, actions, cancellation);

    [Function(nameof(CommitTransaction))]
    public Task<Answer> CommitTransaction([ActivityTrigger] StepCall<CommitTransaction> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(StepDefinition.CommitParticipant, step, cancellation);

    private async Task<Answer> HandleAsync(CommandMessage command, DurableTaskClient client, CancellationToken cancellation)
    {
        using var span = Traces.Start(
            $"{StepDefinition.CommitParticipant} {command.Name}", ActivityKind.Consumer, command.Context?.TraceParent, command.Context?.CorrelationId);
        return await transactions.HandleAsync(command, command.Invocation, client, cancellation)
            ?? await steps.HandleAsync(StepDefinition.CommitParticipant, command, cancellation);
    }
}
