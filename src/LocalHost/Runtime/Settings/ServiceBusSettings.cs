using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.Runtime.Settings;

/// <summary><c>extensions.serviceBus</c> of host.json, with the defaults of the extension.</summary>
public sealed record ServiceBusSettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Whether a message is completed when its function returns; a trigger's own <c>AutoCompleteMessages</c> outranks it.</summary>
    public bool AutoCompleteMessages { get; init; } = true;

    public int PrefetchCount { get; init; }

    public TimeSpan MaxAutoLockRenewalDuration { get; init; } = TimeSpan.FromMinutes(5);

    public int MaxConcurrentCalls { get; init; } = 16 * Environment.ProcessorCount;

    public int MaxConcurrentSessions { get; init; } = 8;

    public int MaxConcurrentCallsPerSession { get; init; } = 1;

    public TimeSpan? SessionIdleTimeout { get; init; }

    public int MaxMessageBatchSize { get; init; } = 1000;

    public int MinMessageBatchSize { get; init; } = 1;

    /// <summary>How long a batch waits to reach its least size.</summary>
    public TimeSpan MaxBatchWaitTime { get; init; } = TimeSpan.FromSeconds(30);

    public ServiceBusRetryOptions ClientRetryOptions { get; init; } = new();

    internal static ServiceBusSettings Read(SettingsSection section)
    {
        section.Only("enableCrossEntityTransactions", "false");
        var most = section.Number("maxMessageBatchSize", 1000, least: 1);
        return new ServiceBusSettings
        {
            AutoCompleteMessages = section.Flag("autoCompleteMessages", true),
            PrefetchCount = section.Number("prefetchCount", 0, least: 0),
            MaxAutoLockRenewalDuration = section.Time("maxAutoLockRenewalDuration", TimeSpan.FromMinutes(5), TimeSpan.Zero, Longest),
            MaxConcurrentCalls = section.Number("maxConcurrentCalls", 16 * Environment.ProcessorCount, least: 1),
            MaxConcurrentSessions = section.Number("maxConcurrentSessions", 8, least: 1),
            MaxConcurrentCallsPerSession = section.Number("maxConcurrentCallsPerSession", 1, least: 1),
            SessionIdleTimeout = section.Text("sessionIdleTimeout") is null
                ? null
                : section.Time("sessionIdleTimeout", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(1), Longest),
            MaxMessageBatchSize = most,
            MinMessageBatchSize = section.Number("minMessageBatchSize", 1, least: 1, most),
            MaxBatchWaitTime = section.Time("maxBatchWaitTime", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromMinutes(2.5)),
            ClientRetryOptions = ReadRetry(section.Section("clientRetryOptions")),
        };
    }

    // The ranges are those of the client's own options.
    private static ServiceBusRetryOptions ReadRetry(SettingsSection section)
    {
        var defaults = new ServiceBusRetryOptions();
        return new ServiceBusRetryOptions
        {
            Mode = section.Choice("mode", defaults.Mode),
            MaxRetries = section.Number("maxRetries", defaults.MaxRetries, least: 0, most: 100),
            Delay = section.Time("delay", defaults.Delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5)),
            MaxDelay = section.Time("maxDelay", defaults.MaxDelay, TimeSpan.Zero, Longest),
            TryTimeout = section.Time("tryTimeout", defaults.TryTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
        };
    }
}
