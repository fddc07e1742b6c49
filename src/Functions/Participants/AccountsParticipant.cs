using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Accounts;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Accounts as a participant: its commands, and the ways in which they come.</summary>
public sealed class AccountsParticipant(StepDelivery steps)
{
    public static Participant Of(CommandHandler commands) => Participant.Of("accounts", commands)
        .Does<OpenAccount, Account>(c => c.Account.Value, (account, c) => account.Decide(c), creates: true)
        .Does<CheckLimit, Account>(c => c.Account.Value, (account, c) => account.Decide(c))
        .Does<WithdrawMoney, Account>(c => c.Account.Value, (account, c) => account.Decide(c))
        .Undoes<ReturnMoney, Account>(c => c.Account.Value, (_, c) => Account.Decide(c))
        .Does<DepositMoney, Account>(c => c.Account.Value, (account, c) => account.Decide(c))
        .Does<SendReceipt, Account>(c => c.Account.Value, (_, c) => Account.Decide(c));
    [Function(nameof(HandleAccountsCommands))]
    public Task HandleAccountsCommands(
        [ServiceBusTrigger("accounts-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions, CancellationToken stop) => steps.HandleAsync("accounts", messages, actions, stop);
    [Function(nameof(HearAccountsFacts))]
    public Task HearAccountsFacts([ServiceBusTrigger(BusNames.Events, "accounts-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions, CancellationToken stop) => steps.HearAsync("accounts", message, actions, stop);
    [Function(nameof(HearDeadAccountsFacts))]
    public Task HearDeadAccountsFacts(
        [ServiceBusTrigger(BusNames.Events, "accounts-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions, CancellationToken stop) => steps.HearDeadAsync("accounts", message, actions, stop);
    [Function(nameof(CheckLimit))]
    public Task<Answer> CheckLimit([ActivityTrigger] StepCall<CheckLimit> step, CancellationToken stop) => steps.CarryOutAsync("accounts", step, stop);
    [Function(nameof(WithdrawMoney))]
    public Task<Answer> WithdrawMoney([ActivityTrigger] StepCall<WithdrawMoney> step, CancellationToken stop) => steps.CarryOutAsync("accounts", step, stop);
    [Function(nameof(ReturnMoney))]
    public Task<Answer> ReturnMoney([ActivityTrigger] StepCall<ReturnMoney> step, CancellationToken stop) => steps.CarryOutAsync("accounts", step, stop);
    [Function(nameof(DepositMoney))]
    public Task<Answer> DepositMoney([ActivityTrigger] StepCall<DepositMoney> step, CancellationToken stop) => steps.CarryOutAsync("accounts", step, stop);
    [Function(nameof(SendReceipt))]
    public Task<Answer> SendReceipt([ActivityTrigger] StepCall<SendReceipt> step, CancellationToken stop) => steps.CarryOutAsync("accounts", step, stop);
}
