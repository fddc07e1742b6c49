namespace Atomic.LocalHost.Runtime.Settings;

/// <summary><c>extensions.durableTask</c> of host.json.</summary>
public sealed record DurableTaskSettings
{
    /// <summary>The task hub, as written: a name, or <c>%Setting%</c>.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>How many activities run at once; ten a core unless set.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How many orchestrators run at once; ten a core unless set.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    internal static DurableTaskSettings Read(SettingsSection section)
    {
        // Instances of the embedded engine carry no version and run on whatever code is there, which is what these two say.
        section.Only("versionMatchStrategy", "CurrentOrOlder");
        section.Only("storeInputsInOrchestrationHistory", "false");
        var tracing = section.Section("tracing");
        tracing.Only("distributedTracingEnabled", "true");
        tracing.Only("version", "V2");
        return new DurableTaskSettings
        {
            HubName = section.Text("hubName") ?? "TestHubName",
            MaxConcurrentActivityFunctions = section.Number("maxConcurrentActivityFunctions", 10 * Environment.ProcessorCount, least: 1),
            MaxConcurrentOrchestratorFunctions = section.Number("maxConcurrentOrchestratorFunctions", 10 * Environment.ProcessorCount, least: 1),
        };
    }
}
