using System.Reflection;
using System.Text.Json;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>A message as the type of the parameter that takes it: itself, its body raw, or its body read as JSON.</summary>
internal static class MessageBody
{
    // As the worker reads JSON unless it is told otherwise.
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    private static readonly MethodInfo Batch = typeof(MessageBody).GetMethod(nameof(ToArray), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static Func<ServiceBusReceivedMessage, object?>? Of(Type type)
    {
        if (type == typeof(ServiceBusReceivedMessage)) return message => message;
        if (type == typeof(string)) return message => message.Body.ToString();
        if (type == typeof(BinaryData)) return message => message.Body;
        if (type == typeof(byte[])) return message => message.Body.ToArray();
        if (type.IsInterface || type.IsAbstract || type.IsPointer || type.IsByRef) return null;
        return message => JsonSerializer.Deserialize(message.Body.ToMemory().Span, type, Json);
    }

    public static Func<IReadOnlyList<ServiceBusReceivedMessage>, object>? OfBatch(Type type)
    {
        if (!type.IsSZArray || Of(type.GetElementType()!) is not { } single) return null;
        var toArray = Batch.MakeGenericMethod(type.GetElementType()!)
            .CreateDelegate<Func<IReadOnlyList<ServiceBusReceivedMessage>, Func<ServiceBusReceivedMessage, object?>, object>>();
        return messages => toArray(messages, single);
    }

    private static TItem[] ToArray<TItem>(IReadOnlyList<ServiceBusReceivedMessage> messages, Func<ServiceBusReceivedMessage, object?> single) =>
        messages.Select(message => (TItem)single(message)!).ToArray();
}
