using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Messaging;

/// <summary>A command on the wire: one addressee, which may refuse. Its id makes a repeated message the same command.</summary>
public sealed record CommandMessage(string Id, string Name, EventContext Context, JsonElement Data)
{
    /// <summary>The key of its record; null when that is the message's id. Several messages with one key bring one command.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Which run of its sender sent it; null when it has one run alone. A sender that begins anew counts its tries from the first again, and
    /// the broker would drop them for repetitions; the barrier, which has another key, takes them for what they are.
    /// </summary>
    public string? Run { get; init; }

    public Mode Mode { get; init; }

    public bool MustSucceed { get; init; }

    /// <summary>Its sender waits for a <see cref="CommandReply"/>.</summary>
    public bool WantsReply { get; init; }

    /// <summary>How often its receiver tries it before it answers that it failed. A sender with a policy of its own leaves it at one.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>
    /// After how long its sender takes a try for unanswered; its receiver gives it up then, so that what hangs does not hold up the queue.
    /// Null when it may take any time.
    /// </summary>
    public TimeSpan? Limit { get; init; }

    [JsonIgnore]
    public Invocation Invocation => new(Key ?? Id, Context with { CausationId = Id }) { Mode = Mode, MustSucceed = MustSucceed };

    /// <exception cref="MalformedMessageException">The data does not fit the command.</exception>
    public TCommand Read<TCommand>() => (TCommand)Read(typeof(TCommand));

    /// <exception cref="MalformedMessageException">The data does not fit the command.</exception>
    public object Read(Type command)
    {
        try
        {
            return Data.Deserialize(command, StorageJson.Options) ?? throw new MalformedMessageException(Id, "it has no data");
        }
        catch (JsonException e)
        {
            throw new MalformedMessageException(Id, e.Message);
        }
    }
}

/// <summary>The answer to a command that wants one, or why there is none: then its outcome is unknown.</summary>
/// <param name="Id">The id of the command's message.</param>
/// <param name="CorrelationId">Who waits for it: the command's own.</param>
/// <param name="Run">The command's own.</param>
public sealed record CommandReply(string Id, string CorrelationId, Answer? Answer, string? Failure, string? Run = null);

/// <summary>Takes commands to the service they are addressed to.</summary>
public interface ICommandBus
{
    /// <summary>Enqueues the command at the service of <paramref name="context"/>; it is durable when this returns.</summary>
    Task SendAsync(string context, CommandMessage command, CancellationToken cancellation);

    /// <summary>Enqueues the command for later: it is delivered at <paramref name="at"/> or soon after.</summary>
    Task ScheduleAsync(string context, CommandMessage command, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Takes an answer back to whoever sent the command.</summary>
    Task ReplyAsync(CommandReply reply, CancellationToken cancellation);
}
