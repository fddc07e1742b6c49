using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Choreography;

/// <summary>What <see cref="FactPublisher"/> has published, as its consumers read it.</summary>
internal static class FactReader
{
    /// <exception cref="JsonException">It is no CloudEvent.</exception>
    public static CloudEvent EventOf(ServiceBusReceivedMessage message) =>
        message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options) ?? throw new JsonException("It is null.");

    /// <exception cref="JsonException">Its data are none of this type.</exception>
    public static TData DataOf<TData>(CloudEvent cloudEvent) where TData : class =>
        cloudEvent.Data?.Deserialize<TData>(StorageJson.Options) ?? throw new JsonException($"It is no {typeof(TData).Name}.");
}
