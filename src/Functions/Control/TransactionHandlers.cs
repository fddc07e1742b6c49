using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Control;

/// <summary>
/// The commands about a transaction as a whole: its start where nobody coordinates it, and what people want of it. Each is an event in its
/// log first, and then goes to whom it concerns: the orchestration, or the step's participant.
/// </summary>
public sealed class TransactionHandlers(
    CommandHandler commands, IEventStore events, Corrections corrections, TransactionCatalog catalog, FactPublisher facts, ICommandBus bus,
    TimeProvider time, ILogger<TransactionHandlers> logger)
{
    /// <summary>Carries a command about a transaction out; null when it is none.</summary>
    /// <exception cref="MalformedMessageException">Its data do not fit.</exception>
    public async Task<Answer?> HandleAsync(CommandMessage command, Invocation invocation, DurableTaskClient client, CancellationToken cancellation) =>
        command.Name switch
        {
            nameof(StartTransaction) => await HandleAsync(command.Read<StartTransaction>(), invocation, cancellation),
            nameof(CancelTransaction) => await HandleAsync(command.Read<CancelTransaction>(), client, invocation, cancellation),
            nameof(RetryStep) => await HandleAsync(command.Read<RetryStep>(), client, invocation, cancellation),
            nameof(ResolveStep) => await HandleAsync(command.Read<ResolveStep>(), client, invocation, cancellation),
            _ => null,
        };

    /// <summary>The key of the record that says whether a transaction began without a coordinator.</summary>
    public static string StartOf(string id) => $"{id}:start";

    /// <summary>
    /// Takes a transaction for the one start that an orchestrator is to run: without a coordinator it begins no more, and for no other start,
    /// since the engine and the log do not know of each other. Whoever comes again with the same fingerprint has it still.
    /// </summary>
    /// <returns>Whether it is taken for this start, and the first that it was taken for.</returns>
    public async Task<(Claim Claim, ClaimedStart First)> ClaimAsync(string id, ClaimedStart start, CancellationToken cancellation)
    {
        var refusal = new Invocation(StartOf(id), new EventContext(id, id)) { Mode = Mode.Refuse, Reason = start.Write() };
        var answer = await commands.DoAsync<TransactionLog>(id, refusal, _ => [], creates: true, cancellation);
        var first = answer.TooLate ? ClaimedStart.Read(answer.Reason!) : null;
        return first?.Fingerprint == start.Fingerprint ? (answer.Repeated ? Claim.Again : Claim.First, first) : (Claim.OfAnother, start);
    }

    /// <summary>Records the start, states it, and sets the deadline.</summary>
    public async Task<Answer> HandleAsync(StartTransaction command, Invocation invocation, CancellationToken cancellation)
    {
        using var meter = Meter.Begin();
        var (transaction, id) = (command.Transaction, command.Transaction.Id);
        var answer = await commands.DoAsync<TransactionLog>(id, invocation, log => log.Decide(command), creates: true, cancellation);
        if (!answer.Accepted) return answer;
        // What is published of it again says the same as the first time, also when it comes of a second start with its key.
        if (answer.Repeated) transaction = (await events.LoadAsync<TransactionLog>(id, likelyNew: false, cancellation)).State.Header ?? transaction;
        if (!answer.Repeated) Logs.TransactionStarted(logger, id, transaction.Definition, transaction.Version);

        var definition = DefinitionOf(transaction);
        // Beside what it has used: the message that brought it here, and the one for the deadline.
        var used = meter.Used + Usage.Message() + (definition.Deadline is null ? Usage.None : Usage.Message());
        await facts.PublishAsync(transaction, definition, new Fact(FactKind.Started, ""), answer.Tokens, new Effort(used), cancellation);
        if (definition.Deadline is { } deadline)
            await RefusePivotAsync(transaction, $"The deadline of {deadline} has passed.", "deadline", time.GetUtcNow() + deadline, cancellation);
        return answer;
    }

    public Task<Answer> HandleAsync(CancelTransaction command, DurableTaskClient client, Invocation invocation, CancellationToken cancellation)
    {
        var asked = new CancelRequested(command.By, command.Why);
        return OrderAsync(
            command.Id, asked, new TransactionOrder(OrderKind.Cancel, null, asked.Reason),
            (transaction, _) => RefusePivotAsync(transaction, asked.Reason, invocation.CommandId, time.GetUtcNow(), cancellation),
            client, invocation, cancellation);
    }

    public Task<Answer> HandleAsync(RetryStep command, DurableTaskClient client, Invocation invocation, CancellationToken cancellation)
    {
        var reason = $"Retried by {command.By}{Because(command.Why)}";
        return OrderAsync(
            command.Id, new RetryRequested(command.Step, command.By, command.Why, command.Input),
            new TransactionOrder(OrderKind.Retry, command.Step, reason, command.Input),
            (transaction, edition) => SendAsync(
                new StepOrder(transaction, command.Step, StepOrderKind.Retry, Reason: reason, Data: command.Input, Edition: edition ?? 0),
                invocation.CommandId, cancellation),
            client, invocation, cancellation);
    }

    public Task<Answer> HandleAsync(ResolveStep command, DurableTaskClient client, Invocation invocation, CancellationToken cancellation)
    {
        var reason = $"Resolved by {command.By}{Because(command.Why)}";
        return OrderAsync(
            command.Id, new ResolutionRequested(command.Step, command.Done, command.By, command.Why),
            new TransactionOrder(OrderKind.Resolve, command.Step, reason, Done: command.Done),
            (transaction, _) => SendAsync(
                new StepOrder(transaction, command.Step, StepOrderKind.Resolve, Reason: reason, Done: command.Done), invocation.CommandId, cancellation),
            client, invocation, cancellation);
    }

    private async Task<Answer> OrderAsync(
        string id, IEvent asked, TransactionOrder order, Func<TransactionHeader, int?, Task> sendAsync,
        DurableTaskClient client, Invocation invocation, CancellationToken cancellation)
    {
        var answer = await commands.DoAsync<TransactionLog>(id, invocation, _ => [asked], creates: false, cancellation);
        // A repetition may be made again by every process that starts, and must not meet what has been parked since the first.
        var repetition = invocation with { CommandId = $"{invocation.CommandId}:repeated", OnlyRepeats = false };
        if (invocation.OnlyRepeats && (!answer.Accepted || await commands.FindAsync<TransactionLog>(id, repetition, cancellation) is not null)) return answer;

        var log = await events.LoadAsync<TransactionLog>(id, likelyNew: false, cancellation);
        int? edition = order.Input is null ? null : await corrections.NumberAsync(id, order.Step!, invocation.CommandId, cancellation);
        if (log.State.Header is { } transaction) await sendAsync(transaction, edition);
        else await client.RaiseUnlessEndedAsync(id, Signals.OrderEvent, order with { Edition = edition }, logger, cancellation);

        if (invocation.OnlyRepeats) await commands.DoAsync<TransactionLog>(id, repetition, _ => [], creates: false, cancellation);
        return answer;
    }

    private Task RefusePivotAsync(TransactionHeader transaction, string reason, string cause, DateTimeOffset at, CancellationToken cancellation)
    {
        var pivot = DefinitionOf(transaction).Pivot;
        var order = new StepOrder(transaction, pivot, StepOrderKind.Refuse, Reason: reason);
        return SendAsync(order, cause, cancellation, at);
    }

    private Task SendAsync(StepOrder order, string cause, CancellationToken cancellation, DateTimeOffset? at = null)
    {
        var participant = DefinitionOf(order.Transaction)[order.Step].Participant;
        return at > time.GetUtcNow()
            ? bus.ScheduleAsync(participant, order.ToMessage(cause), at.Value, cancellation)
            : bus.SendAsync(participant, order.ToMessage(cause), cancellation);
    }

    private Definition DefinitionOf(TransactionHeader transaction)
    {
        var type = catalog.Pinned(transaction.Definition, transaction.Version);
        return type.Definition.For(type.Restore(transaction.Input));
    }

    private static string Because(string? why) => string.IsNullOrWhiteSpace(why) ? "." : $": {why}";
}
