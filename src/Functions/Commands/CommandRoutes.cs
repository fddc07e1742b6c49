using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Commands;

/// <summary>Finds the participant of a command that came over the bus.</summary>
public sealed class CommandRoutes(ParticipantDirectory participants, Choreographer choreographer, TransactionHandlers transactions)
{
    private const string QueueSuffix = "-commands";

    /// <summary>The context whose commands a queue carries; null when it carries none.</summary>
    public static string? ContextOf(string queue) => queue.EndsWith(QueueSuffix, StringComparison.Ordinal) ? queue[..^QueueSuffix.Length] : null;

    /// <summary>Publishes again what the command, or the step of an order, has written, if it has written anything, and does nothing else.</summary>
    /// <exception cref="MalformedMessageException">The context has no such command, or its data do not fit.</exception>
    public async Task RepeatAsync(string context, CommandMessage command, DurableTaskClient client, CancellationToken cancellation)
    {
        var repetition = command.Invocation with { OnlyRepeats = true };
        if (command.Name == nameof(StepOrder))
        {
            await choreographer.RepeatAsync(command.Id, command.Read<StepOrder>(), cancellation);
            return;
        }

        if (context == StepDefinition.CommitParticipant && await transactions.HandleAsync(command, repetition, client, cancellation) is not null) return;
        var participant = participants.Find(context) ?? throw new MalformedMessageException(command.Id, $"there is no context '{context}'");
        await participant.HandleAsync(command, repetition, cancellation);
    }
}
