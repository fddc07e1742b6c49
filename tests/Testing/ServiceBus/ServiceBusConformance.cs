using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

/// <summary>
/// What a Service Bus does, written against Microsoft's API alone: the embedded broker passes it, and a namespace in Azure that has the
/// entities of <c>conformance.json</c> can be put to it as well.
/// </summary>
public abstract partial class ServiceBusConformance : IAsyncLifetime
{
    /// <summary>The list of entities that the suite uses, in the form of <c>infra/service-bus.json</c>. Locks last 30 s, three deliveries are made.</summary>
    public static string TopologyFile { get; } = Repository.PathOf("tests/Testing/ServiceBus/conformance.json");

    protected static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);

    /// <summary>How long anything may take that is not waiting for time to pass.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    protected ServiceBusClient Client { get; private set; } = null!;

    public async Task InitializeAsync() => Client = await ConnectAsync();

    public virtual async Task DisposeAsync() => await Client.DisposeAsync();

    /// <summary>A client of a namespace that has the entities, and no messages.</summary>
    protected abstract Task<ServiceBusClient> ConnectAsync();

    /// <summary>Lets time pass for the service. All that becomes due happens, in its order.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>What time it is for the service, within a second.</summary>
    protected abstract DateTimeOffset Now { get; }

    protected async Task SendAsync(string entity, params ServiceBusMessage[] messages)
    {
        await using var sender = Client.CreateSender(entity);
        await sender.SendMessagesAsync(messages);
    }

    protected Task SendAsync(string entity, params string[] bodies) => SendAsync(entity, [.. bodies.Select(body => new ServiceBusMessage(body))]);

    protected ServiceBusReceiver DeadLettersOf(string queue) =>
        Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    protected static ServiceBusMessage InSession(string session, string body) => new(body) { SessionId = session };

    protected static async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver receiver)
    {
        var message = await receiver.ReceiveMessageAsync(Patience).WaitAsync(Patience);
        Assert.NotNull(message);
        return message;
    }

    protected async Task AssertEmptyAsync(ServiceBusReceiver receiver)
    {
        var receiving = receiver.ReceiveMessageAsync(Moment);
        await AdvanceAsync(Moment);
        Assert.Null(await receiving.WaitAsync(Patience));
    }

    protected static async Task<ServiceBusException> FailsAsync(ServiceBusFailureReason reason, bool isTransient, Func<Task> work)
    {
        var failure = await Assert.ThrowsAsync<ServiceBusException>(work);
        Assert.Equal((reason, isTransient), (failure.Reason, failure.IsTransient));
        return failure;
    }

    protected static string Body(ServiceBusReceivedMessage message) => message.Body.ToString();
}
