using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Integration.Coordination;

/// <summary>The way of commands and replies, on which they can be held up, and replies doubled.</summary>
internal sealed class ScriptedBus
{
    private readonly ConcurrentDictionary<string, Hold> _commands = new();
    private readonly ConcurrentDictionary<string, Hold> _replies = new();
    private readonly ConcurrentQueue<CommandReply> _given = new();

    /// <summary>Every reply comes again, as a message that the broker does not know for the same.</summary>
    public bool DoublesReplies { get; set; }

    /// <summary>The replies that were given, in order.</summary>
    public IReadOnlyList<CommandReply> Given => [.. _given];

    public IReadOnlyList<CommandReply> GivenTo(string transaction) => [.. _given.Where(reply => reply.CorrelationId == transaction)];

    public void AddTo(IServiceCollection services)
    {
        var type = services.Last(service => service.ServiceType == typeof(ICommandBus)).ImplementationType!;
        services.AddSingleton<ICommandBus>(provider => new Bus(
            this, (ICommandBus)ActivatorUtilities.CreateInstance(provider, type), provider.GetRequiredService<ServiceBusClient>()));
    }

    /// <param name="id">The message's.</param>
    public Hold HoldCommand(string id) => _commands[id] = new Hold();

    /// <param name="id">Of the message that it answers.</param>
    public Hold HoldReply(string id) => _replies[id] = new Hold();

    /// <summary>Lets go what a test that failed has left held.</summary>
    public void LetAll()
    {
        foreach (var hold in _commands.Values.Concat(_replies.Values)) hold.LetAll();
    }

    /// <summary>Sends a reply as a message of its own.</summary>
    public static async Task SendAsync(ServiceBusClient client, CommandReply reply)
    {
        await using var sender = client.CreateSender("transaction-replies");
        await sender.SendMessageAsync(new ServiceBusMessage(BinaryData.FromObjectAsJson(reply, StorageJson.Options))
        {
            MessageId = Guid.NewGuid().ToString("N"),
            CorrelationId = reply.CorrelationId,
            ContentType = "application/json",
        });
    }

    private sealed class Bus(ScriptedBus script, ICommandBus inner, ServiceBusClient client) : ICommandBus
    {
        public Task SendAsync(string context, CommandMessage command, CancellationToken cancellation) =>
            PassAsync(script._commands, command.Id, () => inner.SendAsync(context, command, cancellation));

        public Task ScheduleAsync(string context, CommandMessage command, DateTimeOffset at, CancellationToken cancellation) =>
            inner.ScheduleAsync(context, command, at, cancellation);

        public Task ReplyAsync(CommandReply reply, CancellationToken cancellation) => PassAsync(script._replies, reply.Id, async () =>
        {
            await inner.ReplyAsync(reply, cancellation);
            script._given.Enqueue(reply);
            if (script.DoublesReplies) await ScriptedBus.SendAsync(client, reply);
        });

        private static Task PassAsync(ConcurrentDictionary<string, Hold> held, string id, Func<Task> send)
        {
            if (!held.TryGetValue(id, out var hold)) return send();
            return hold.PassAsync(async () =>
            {
                await send();
                return true;
            });
        }
    }
}
