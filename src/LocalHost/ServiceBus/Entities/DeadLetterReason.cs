using System.Globalization;

namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>Why a message is among the dead letters, as it says in its application properties.</summary>
internal sealed record DeadLetterReason(string? Reason, string? Description)
{
    public const string ReasonProperty = "DeadLetterReason";
    public const string DescriptionProperty = "DeadLetterErrorDescription";

    public static readonly DeadLetterReason Expired = new("TTLExpiredException", "The message expired and was dead lettered.");

    public static readonly DeadLetterReason SessionIdIsNull =
        new("Session id is null.", "Session enabled entity doesn't allow a message whose session identifier is null.");

    public static DeadLetterReason MaxDeliveryCount(int most) => new(
        "MaxDeliveryCountExceeded",
        string.Create(CultureInfo.InvariantCulture, $"Message could not be consumed after {most} delivery attempts."));

    public IReadOnlyCollection<KeyValuePair<string, object>> AsProperties()
    {
        var properties = new Dictionary<string, object>();
        if (Reason is not null) properties[ReasonProperty] = Reason;
        if (Description is not null) properties[DescriptionProperty] = Description;
        return properties;
    }
}
