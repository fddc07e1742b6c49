using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Messaging;

/// <summary>A command on the wire: one addressee, which may refuse. Its id makes a repeated message the same command.</summary>
public sealed record CommandMessage(string Id, string Name, EventContext Context, JsonElement Data)
{
    public Invocation Invocation => new(Id, Context with { CausationId = Id });

    /// <exception cref="MalformedMessageException">The data does not fit the command.</exception>
    public TCommand Read<TCommand>()
    {
        try
        {
            return Data.Deserialize<TCommand>(StorageJson.Options) ?? throw new MalformedMessageException(Id, "it has no data");
        }
        catch (JsonException e)
        {
            throw new MalformedMessageException(Id, e.Message);
        }
    }
}

/// <summary>Takes commands to the service they are addressed to.</summary>
public interface ICommandBus
{
    /// <summary>Enqueues the command at the service of <paramref name="context"/>; it is durable when this returns.</summary>
    Task SendAsync(string context, CommandMessage command, CancellationToken cancellation);
}
