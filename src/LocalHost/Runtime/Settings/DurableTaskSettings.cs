using Atomic.LocalHost.DurableTask;

namespace Atomic.LocalHost.Runtime.Settings;

/// <summary><c>extensions.durableTask</c> of host.json, with the defaults of the extension.</summary>
public sealed record DurableTaskSettings
{
    private const int MostAtOnce = 10_000;

    /// <summary>The task hub, as written: a name, or <c>%Setting%</c>.</summary>
    public string HubName { get; init; } = "TestHubName";

    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    public bool ThrowStatusExceptionsOnRaiseEvent { get; init; } = true;

    public string DefaultVersion { get; init; } = "";

    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <exception cref="StartupException">The hub's name is a setting that is not there.</exception>
    public DurableSettings ForEngine(AppSettings appSettings)
    {
        var problems = new List<string>();
        var hub = appSettings.Resolve(HubName, $"{HostSettings.File}: extensions.durableTask.hubName", problems);
        return problems.Count > 0 ? throw new StartupException(problems) : new DurableSettings
        {
            HubName = hub,
            MaxConcurrentActivities = MaxConcurrentActivityFunctions,
            MaxConcurrentOrchestrators = MaxConcurrentOrchestratorFunctions,
            ThrowStatusExceptionsOnRaiseEvent = ThrowStatusExceptionsOnRaiseEvent,
            DefaultVersion = DefaultVersion,
            VersionMatchStrategy = VersionMatchStrategy,
            VersionFailureStrategy = VersionFailureStrategy,
        };
    }

    internal static DurableTaskSettings Read(SettingsSection section)
    {
        // The engine's history holds no inputs twice, and its spans are of the second version.
        section.Only("storeInputsInOrchestrationHistory", "false");
        var tracing = section.Section("tracing");
        tracing.Only("distributedTracingEnabled", "true");
        tracing.Only("version", "V2");
        var defaults = new DurableTaskSettings();
        return new DurableTaskSettings
        {
            HubName = section.Text("hubName") ?? defaults.HubName,
            MaxConcurrentActivityFunctions = section.Number("maxConcurrentActivityFunctions", defaults.MaxConcurrentActivityFunctions, 1, MostAtOnce),
            MaxConcurrentOrchestratorFunctions = section.Number(
                "maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestratorFunctions, 1, MostAtOnce),
            ThrowStatusExceptionsOnRaiseEvent = section.Flag("throwStatusExceptionsOnRaiseEvent", defaults.ThrowStatusExceptionsOnRaiseEvent),
            DefaultVersion = section.Text("defaultVersion") ?? defaults.DefaultVersion,
            VersionMatchStrategy = section.Choice("versionMatchStrategy", defaults.VersionMatchStrategy),
            VersionFailureStrategy = section.Choice("versionFailureStrategy", defaults.VersionFailureStrategy),
        };
    }
}
