using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.DeadLetters;

/// <summary>
/// A dead letter as it goes back to where it came from. Its body, and with it the id and the cause of what it says, stay as they were. The
/// message around it has an id made of the dead letter's: the broker's duplicate detection would take the old one for a repetition and drop
/// it in silence, and does so with a second copy of this one.
/// </summary>
internal static class Resubmission
{
    /// <summary>The subscription that alone is to heed it, since a topic gives it to all.</summary>
    public const string For = "resubmittedFor";

    private const string Original = "originalMessageId";

    public static ServiceBusMessage Of(ServiceBusReceivedMessage message, DeadLetterId id)
    {
        var original = message.ApplicationProperties.TryGetValue(Original, out var known) ? (string)known : message.MessageId ?? "";
        var again = new ServiceBusMessage(message)
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{original}~{id.SequenceNumber}"),
        };
        again.ApplicationProperties[Original] = original;
        if (id.Entity.Subscription is { } subscription) again.ApplicationProperties[For] = subscription;
        return again;
    }

    /// <summary>Whether the message was resubmitted for another than <paramref name="subscription"/>.</summary>
    public static bool IsForAnother(ServiceBusReceivedMessage message, string subscription) =>
        message.ApplicationProperties.TryGetValue(For, out var other) && other is string name && name != subscription;
}
