using Atomic.Functions.Choreography;
using Atomic.Functions.Participants;
using Atomic.Messaging;

namespace Atomic.Functions.Commands;

/// <summary>Finds the participant of a command that came over the bus.</summary>
public sealed class CommandRoutes(ParticipantDirectory participants, Choreographer choreographer)
{
    private const string QueueSuffix = "-commands";

    /// <summary>The context whose commands a queue carries; null when it carries none.</summary>
    public static string? ContextOf(string queue) => queue.EndsWith(QueueSuffix, StringComparison.Ordinal) ? queue[..^QueueSuffix.Length] : null;

    /// <summary>Publishes again what the command, or the step of an order, has written, if it has written anything, and does nothing else.</summary>
    /// <exception cref="MalformedMessageException">The context has no such command, or its data do not fit.</exception>
    public Task RepeatAsync(string context, CommandMessage command, CancellationToken cancellation)
    {
        if (command.Name == nameof(StepOrder)) return choreographer.RepeatAsync(command.Id, command.Read<StepOrder>(), cancellation);
        var participant = participants.Find(context) ?? throw new MalformedMessageException(command.Id, $"there is no context '{context}'");
        return participant.HandleAsync(command, command.Invocation with { OnlyRepeats = true }, cancellation);
    }
}
