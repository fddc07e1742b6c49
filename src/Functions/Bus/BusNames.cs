namespace Atomic.Functions.Bus;

/// <summary>Names in <c>infra/service-bus.json</c>.</summary>
internal static class BusNames
{
    /// <summary>The setting (or settings group) that says how to reach the namespace.</summary>
    public const string Connection = "ServiceBusConnection";

    public const string Events = "events";

    public static string CommandsOf(string context) => $"{context}-commands";
}
