namespace Atomic.Functions.Bus;

/// <summary>Names in <c>infra/service-bus.json</c>.</summary>
internal static class BusNames
{
    /// <summary>The setting (or settings group) that says how to reach the namespace.</summary>
    public const string Connection = "ServiceBusConnection";

    public const string Events = "events";

    /// <summary>Answers to the steps that orchestrators send as commands.</summary>
    public const string Replies = "transaction-replies";

    public static string CommandsOf(string context) => $"{context}-commands";
}
