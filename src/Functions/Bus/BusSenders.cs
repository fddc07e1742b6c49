using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Bus;

/// <summary>One sender an entity, kept for the life of the process: each holds a link to the broker.</summary>
public sealed class BusSenders(ServiceBusClient client)
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new();

    public ServiceBusSender Of(string entity) => _senders.GetOrAdd(entity, client.CreateSender);
}
