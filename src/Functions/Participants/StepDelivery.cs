using System.Diagnostics;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Choreography;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Atomic.Transactions;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Participants;

/// <summary>Brings participants what is sent to them: commands and orders on their queues, facts on their subscriptions.</summary>
public sealed class StepDelivery
{
    private static readonly Answer Taken = new(true, null, false, []);

    private readonly ParticipantDirectory _participants;
    private readonly Choreographer _choreographer;
    private readonly CommandDelivery _delivery;
    private readonly ICommandBus _bus;
    private readonly BusSenders _senders;
    private readonly TimeProvider _time;
    private readonly ILogger<StepDelivery> _logger;

    internal StepDelivery(
        ParticipantDirectory participants, Choreographer choreographer, CommandDelivery delivery, ICommandBus bus, BusSenders senders,
        TimeProvider time, ILogger<StepDelivery> logger) =>
        (_participants, _choreographer, _delivery, _bus, _senders, _time, _logger) = (participants, choreographer, delivery, bus, senders, time, logger);

    /// <summary>Messages from a participant's queue.</summary>
    public Task HandleAsync(string context, ServiceBusReceivedMessage[] messages, ServiceBusMessageActions actions, CancellationToken cancellation) =>
        _delivery.HandleAsync(messages, actions, command => HandleAsync(context, command, cancellation), cancellation);

    /// <summary>A step as an activity: its answer is the activity's result.</summary>
    public Task<Answer> CarryOutAsync<TCommand>(string context, StepCall<TCommand> step, CancellationToken cancellation) where TCommand : notnull =>
        _participants[context].HandleAsync(typeof(TCommand).Name, step.Command, step.Try.ToInvocation(), cancellation);

    /// <summary>A command, answered to its sender if that waits for it; or an order about a step.</summary>
    /// <exception cref="MalformedMessageException">No redelivery can make it better.</exception>
    public async Task<Answer> HandleAsync(string context, CommandMessage message, CancellationToken cancellation)
    {
        if (message.Name is null || message.Context is null) throw new MalformedMessageException(message.Id ?? "without id", "it is no command");
        if (message.Name == nameof(StepOrder))
        {
            var order = message.Read<StepOrder>();
            using var span = Traces.Start($"{context} {order.Kind} {order.Step}", ActivityKind.Consumer, message.Context.TraceParent, order.Transaction.Id);
            await _choreographer.CarryOutAsync(order, cancellation);
            return Taken;
        }

        if (!message.WantsReply) return await _participants[context].HandleAsync(message, cancellation);
        var reply = await AnswerAsync(context, message, cancellation);
        await _bus.ReplyAsync(reply, cancellation);
        return reply.Answer ?? Taken;
    }

    /// <summary>A fact from a participant's subscription, settled once what follows from it is stated.</summary>
    public Task HearAsync(string context, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellation) =>
        HearAsync(context, message, actions, givenUp: false, cancellation);

    /// <summary>A fact that its subscription has given up: whatever it asks for counts as tried often enough.</summary>
    public async Task HearDeadAsync(string context, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellation)
    {
        try
        {
            await HearAsync(context, message, actions, givenUp: true, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Nothing is left that a dead letter could be moved to by itself, and to take it again at once would never end.
            Logs.FactUnreadable(_logger, context, message.MessageId ?? "", e);
            await SetAsideAsync(context, message, actions, cancellation);
        }
    }

    private async Task HearAsync(
        string context, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, bool givenUp, CancellationToken cancellation)
    {
        TransactionFact fact;
        CloudEvent cloudEvent;
        try
        {
            cloudEvent = FactReader.EventOf(message);
            fact = FactReader.DataOf<TransactionFact>(cloudEvent);
        }
        catch (JsonException e)
        {
            Logs.FactUnreadable(_logger, context, message.MessageId ?? "", e);
            await SetAsideAsync(context, message, actions, cancellation);
            return;
        }

        using var span = Traces.Start($"{context} hears {fact.Fact.Kind} {fact.Fact.Step}", ActivityKind.Consumer, cloudEvent.TraceParent, fact.Transaction.Id);
        await _choreographer.HearAsync(context, fact, again: givenUp || message.DeliveryCount > 1, givenUp, cancellation);
        await actions.CompleteMessageAsync(message, cancellation);
    }

    /// <summary>
    /// Takes what cannot be read to the queue of the transactions' own commands, which dead-letters it with the reason. The dead letters of
    /// a participant's subscription are worked off, so nothing could be kept there for a person.
    /// </summary>
    private async Task SetAsideAsync(string context, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellation)
    {
        var aside = new ServiceBusMessage(message.Body) { MessageId = $"{context}:{message.MessageId}", Subject = message.Subject, ContentType = message.ContentType };
        await _senders.Of(BusNames.CommandsOf(FactPublisher.Context)).SendMessageAsync(aside, cancellation);
        await actions.CompleteMessageAsync(message, cancellation);
    }

    /// <summary>An exception is an answer here: its sender has the policy by which the command is tried again, and not the broker.</summary>
    private async Task<CommandReply> AnswerAsync(string context, CommandMessage message, CancellationToken cancellation)
    {
        try
        {
            var answer = await HandleAsync(context, message, message.Tries, cancellation);
            return new CommandReply(message.Id, message.Context.CorrelationId, answer, null, message.Run);
        }
        catch (MalformedMessageException e)
        {
            return new CommandReply(message.Id, message.Context.CorrelationId, new Answer(false, e.Message, false, []) { IsFatal = true }, null, message.Run);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logs.CommandFailed(_logger, message.Name, message.Id, e);
            return new CommandReply(message.Id, message.Context.CorrelationId, null, e.Message, message.Run);
        }
    }

    /// <summary>A person who has decided is not there to try again what fails, so it is tried here.</summary>
    private async Task<Answer> HandleAsync(string context, CommandMessage message, int tries, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _time.WithinAsync(message.Limit, limited => _participants[context].HandleAsync(message, limited), cancellation);
            }
            catch (Exception e) when (attempt < tries && e is not OperationCanceledException and not MalformedMessageException)
            {
                Logs.CommandFailed(_logger, message.Name, message.Id, e);
                await Task.Delay(Retry.Default.After(attempt), _time, cancellation);
            }
        }
    }
}
