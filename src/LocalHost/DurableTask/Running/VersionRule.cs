using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask.Abstractions;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Which versions of orchestrations this host runs.</summary>
internal sealed class VersionRule(DurableSettings settings)
{
    public string Current => settings.DefaultVersion;

    public bool Accepts(string version) => settings.VersionMatchStrategy switch
    {
        VersionMatchStrategy.None => true,
        VersionMatchStrategy.Strict => TaskOrchestrationVersioningUtils.CompareVersions(version, Current) == 0,
        _ => TaskOrchestrationVersioningUtils.CompareVersions(version, Current) <= 0,
    };

    /// <returns>Null when it is not to fail, and to wait for a host that runs it.</returns>
    public Failure? Failure(string version) => settings.VersionFailureStrategy == VersionFailureStrategy.Reject
        ? null
        : new Failure("VersionMismatch", $"This host runs version '{Current}' ({settings.VersionMatchStrategy}), and the instance has '{version}'.");
}
