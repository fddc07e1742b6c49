namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>How Service Bus addresses what is not a queue or topic itself.</summary>
internal static class EntityPath
{
    public static string OfSubscription(string topic, string subscription) => $"{topic}/Subscriptions/{subscription}";

    public static string OfDeadLetters(string path) => $"{path}/$DeadLetterQueue";
}
