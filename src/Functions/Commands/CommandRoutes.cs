using Atomic.EventSourcing;
using Atomic.Functions.Participants;
using Atomic.Messaging;

namespace Atomic.Functions.Commands;

/// <summary>Finds the participant of a command that came over the bus.</summary>
public sealed class CommandRoutes(ParticipantDirectory participants)
{
    private const string QueueSuffix = "-commands";

    /// <summary>The context whose commands a queue carries; null when it carries none.</summary>
    public static string? ContextOf(string queue) => queue.EndsWith(QueueSuffix, StringComparison.Ordinal) ? queue[..^QueueSuffix.Length] : null;

    /// <summary>Publishes again what the command has written, if it has written anything, and does nothing else.</summary>
    /// <exception cref="MalformedMessageException">The context has no such command, or its data do not fit.</exception>
    public Task<Answer> RepeatAsync(string context, CommandMessage command, CancellationToken cancellation)
    {
        var participant = participants.Find(context) ?? throw new MalformedMessageException(command.Id, $"there is no context '{context}'");
        return participant.HandleAsync(command, command.Invocation with { OnlyRepeats = true }, cancellation);
    }
}
