using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;

namespace Atomic.Functions.Bus;

/// <summary>The reasons for which this app parks a message; the broker has its own, such as <c>MaxDeliveryCountExceeded</c>.</summary>
internal static class DeadLetterReasons
{
    /// <summary>It cannot be read at all.</summary>
    public const string MalformedMessage = nameof(MalformedMessage);

    /// <summary>Its type, or the version of it, is not known here.</summary>
    public const string UnknownType = nameof(UnknownType);

    /// <summary>A row cannot take it; the row stands still until it can.</summary>
    public const string PoisonEvent = nameof(PoisonEvent);

    public static string Of(Exception e) => e is UnknownEventException ? UnknownType : MalformedMessage;

    public static string DescriptionOf(Exception e) => e is JsonException json ? MalformedMessageException.Why(json) : e.Message;
}
