namespace Atomic.LocalHost.DurableTask;

/// <summary>Settings of the durable engine, with the names and defaults of <c>extensions.durableTask</c> in <c>host.json</c>.</summary>
public sealed class DurableSettings
{
    private const int MostAtOnce = 10_000;

    /// <summary><c>hubName</c>: the name that the client carries.</summary>
    public string HubName { get; init; } = "local";

    /// <summary><c>maxConcurrentActivityFunctions</c>: activities that run at once, 1 to 10,000.</summary>
    public int MaxConcurrentActivities { get; init; } = 32;

    /// <summary><c>maxConcurrentOrchestratorFunctions</c>: orchestrators that run at once, 1 to 10,000. Those that wait do not count.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 32;

    /// <summary><c>throwStatusExceptionsOnRaiseEvent</c>: whether an event for an instance that is not there, or has ended, is an error or dropped.</summary>
    public bool ThrowStatusExceptionsOnRaiseEvent { get; init; } = true;

    /// <summary><c>defaultVersion</c>: the version of orchestrations that are started without one, and the one that this host is at.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary><c>versionMatchStrategy</c>: which versions this host runs.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    /// <summary><c>versionFailureStrategy</c>: what becomes of the others.</summary>
    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>Orchestrators that are kept in memory between their steps, 0 to 1,000,000; any other is replayed when something reaches it.</summary>
    public int MaxWarmOrchestrators { get; init; } = 2_000;

    /// <summary>How long a close waits for running activities, at most 10 minutes; those that are left are run again at the next start.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The hub's file in a folder: a hub knows nothing of what is in another.</summary>
    public string FileIn(string folder) => Path.Combine(folder, $"durable-task-{HubName}.db");

    /// <exception cref="ArgumentException">A value is out of its range; the message names the setting.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(HubName)) throw new ArgumentException("extensions.durableTask.hubName must not be empty.");
        Check("extensions.durableTask.maxConcurrentActivityFunctions", MaxConcurrentActivities, 1, MostAtOnce);
        Check("extensions.durableTask.maxConcurrentOrchestratorFunctions", MaxConcurrentOrchestrators, 1, MostAtOnce);
        Check(nameof(MaxWarmOrchestrators), MaxWarmOrchestrators, 0, 1_000_000);
        Check(nameof(DrainLimit), DrainLimit, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    private static void Check<T>(string name, T value, T least, T most) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentException($"{name} is {value} and must be {least} to {most}.");
    }
}

/// <summary>Which versions of orchestrations a host runs.</summary>
public enum VersionMatchStrategy
{
    /// <summary>Every one.</summary>
    None = 0,

    /// <summary>Its own only.</summary>
    Strict = 1,

    /// <summary>Its own and older ones.</summary>
    CurrentOrOlder = 2,
}

/// <summary>What becomes of an orchestration whose version a host does not run.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It waits for a host that does.</summary>
    Reject = 0,

    /// <summary>It fails.</summary>
    Fail = 1,
}
