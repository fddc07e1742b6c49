using Atomic.AzureApi;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClient : IAsyncDisposable
{
    protected ServiceBusClient()
    {
    }

    public ServiceBusClient(string connectionString) => throw Declared.Only(nameof(ServiceBusClient));

    public ServiceBusClient(string connectionString, ServiceBusClientOptions options) => throw Declared.Only(nameof(ServiceBusClient));

    public virtual string FullyQualifiedNamespace => throw Declared.Only();

    public virtual bool IsClosed => throw Declared.Only();

    public virtual string Identifier => throw Declared.Only();

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => throw Declared.Only();

    public virtual ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions options) => throw Declared.Only();

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => throw Declared.Only();

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => throw Declared.Only();

    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) => throw Declared.Only();

    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options) =>
        throw Declared.Only();

    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string queueName, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Declared.Only();

    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string topicName, string subscriptionName, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Declared.Only();

    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string queueName, string sessionId, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Declared.Only();

    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string topicName,
        string subscriptionName,
        string sessionId,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default) => throw Declared.Only();

    public virtual ServiceBusProcessor CreateProcessor(string queueName) => throw Declared.Only();

    public virtual ServiceBusProcessor CreateProcessor(string queueName, ServiceBusProcessorOptions options) => throw Declared.Only();

    public virtual ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName) => throw Declared.Only();

    public virtual ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName, ServiceBusProcessorOptions options) =>
        throw Declared.Only();

    public virtual ServiceBusSessionProcessor CreateSessionProcessor(string queueName, ServiceBusSessionProcessorOptions? options = null) =>
        throw Declared.Only();

    public virtual ServiceBusSessionProcessor CreateSessionProcessor(
        string topicName, string subscriptionName, ServiceBusSessionProcessorOptions? options = null) => throw Declared.Only();

    public virtual ValueTask DisposeAsync() => throw Declared.Only();
}
