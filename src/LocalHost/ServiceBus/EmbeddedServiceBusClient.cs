using Atomic.LocalHost.ServiceBus.Client;
using Atomic.LocalHost.ServiceBus.Entities;
using Atomic.LocalHost.ServiceBus.Processing;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>Microsoft's client over the embedded broker. As with Microsoft's, an entity that does not exist shows at the first use.</summary>
public sealed class EmbeddedServiceBusClient : ServiceBusClient
{
    private readonly Connection _connection;

    /// <exception cref="NotSupportedException">An option is set that the embedded broker does not honour.</exception>
    public EmbeddedServiceBusClient(Broker broker, ServiceBusClientOptions? options = null)
    {
        options ??= new ServiceBusClientOptions();
        _connection = new Connection(broker, options);
        Identifier = options.Identifier ?? $"{FullyQualifiedNamespace}-{Guid.NewGuid()}";
    }

    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override bool IsClosed => _connection.IsClosed;

    public override string Identifier { get; }

    public override ServiceBusSender CreateSender(string queueOrTopicName) => CreateSender(queueOrTopicName, new ServiceBusSenderOptions());

    public override ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions options) =>
        new EmbeddedSender(Open(), queueOrTopicName, options?.Identifier);

    public override ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, new ServiceBusReceiverOptions());

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new EmbeddedReceiver(new ReceiveLink(Open(), queueName, ReceiveSettings.Of(options)));

    public override ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) =>
        CreateReceiver(topicName, subscriptionName, new ServiceBusReceiverOptions());

    public override ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options) =>
        CreateReceiver(EntityPath.OfSubscription(topicName, subscriptionName), options);

    public override Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string queueName, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        AcceptAsync(queueName, null, options, cancellationToken);

    public override Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string topicName, string subscriptionName, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        AcceptAsync(EntityPath.OfSubscription(topicName, subscriptionName), null, options, cancellationToken);

    public override Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string queueName, string sessionId, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        AcceptAsync(queueName, sessionId, options, cancellationToken);

    public override Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string topicName,
        string subscriptionName,
        string sessionId,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default) =>
        AcceptAsync(EntityPath.OfSubscription(topicName, subscriptionName), sessionId, options, cancellationToken);

    public override ServiceBusProcessor CreateProcessor(string queueName) => CreateProcessor(queueName, new ServiceBusProcessorOptions());

    public override ServiceBusProcessor CreateProcessor(string queueName, ServiceBusProcessorOptions options) =>
        new EmbeddedProcessor(Open(), queueName, options);

    public override ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName) =>
        CreateProcessor(topicName, subscriptionName, new ServiceBusProcessorOptions());

    public override ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName, ServiceBusProcessorOptions options) =>
        CreateProcessor(EntityPath.OfSubscription(topicName, subscriptionName), options);

    public override ServiceBusSessionProcessor CreateSessionProcessor(string queueName, ServiceBusSessionProcessorOptions? options = null) =>
        new EmbeddedSessionProcessor(Open(), queueName, options ?? new ServiceBusSessionProcessorOptions());

    public override ServiceBusSessionProcessor CreateSessionProcessor(
        string topicName, string subscriptionName, ServiceBusSessionProcessorOptions? options = null) =>
        CreateSessionProcessor(EntityPath.OfSubscription(topicName, subscriptionName), options);

#pragma warning disable CA2215 // Microsoft's own would close a connection, which there is none of here.
    public override ValueTask DisposeAsync()
    {
        _connection.Close();
        return ValueTask.CompletedTask;
    }
#pragma warning restore CA2215

    private Connection Open()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return _connection;
    }

    private async Task<ServiceBusSessionReceiver> AcceptAsync(
        string path, string? session, ServiceBusSessionReceiverOptions? options, CancellationToken cancellation) =>
        await SessionLink.AcceptAsync(Open(), path, session, ReceiveSettings.Of(options), _connection.Retry.TryTimeout, cancellation);
}
