using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask;

internal static partial class Logs
{
    [LoggerMessage(4001, LogLevel.Information, "Durable engine opened: {Instances} instances go on.")]
    public static partial void Opened(ILogger logger, int instances);

    [LoggerMessage(4002, LogLevel.Information, "Durable engine closed.")]
    public static partial void Closed(ILogger logger);

    [LoggerMessage(4003, LogLevel.Critical, "Durable engine: memory and file no longer agree; nothing goes on until the host is started again.")]
    public static partial void Broke(ILogger logger, Exception e);

    [LoggerMessage(4004, LogLevel.Warning, "Durable engine: {Activities} activities were still running when it was closed; they are run again.")]
    public static partial void LeftRunning(ILogger logger, int activities);

    [LoggerMessage(4011, LogLevel.Debug, "Instance {InstanceId} started: {Orchestrator}.")]
    public static partial void Started(ILogger logger, string instanceId, string orchestrator);

    [LoggerMessage(4012, LogLevel.Debug, "Instance {InstanceId} completed.")]
    public static partial void Completed(ILogger logger, string instanceId);

    [LoggerMessage(4013, LogLevel.Warning, "Instance {InstanceId} failed: {ErrorType}.")]
    public static partial void Failed(ILogger logger, string instanceId, string errorType);

    [LoggerMessage(4014, LogLevel.Error, "Instance {InstanceId} cannot be replayed. {Difference}")]
    public static partial void NonDeterministic(ILogger logger, string instanceId, string difference);

    [LoggerMessage(4016, LogLevel.Warning, "Instance {InstanceId} has version '{Version}', which this host ({HostVersion}) does not run; it waits for one that does.")]
    public static partial void VersionRefused(ILogger logger, string instanceId, string version, string hostVersion);

    [LoggerMessage(4017, LogLevel.Information, "Instance {InstanceId} is rewound.")]
    public static partial void Rewound(ILogger logger, string instanceId);

    [LoggerMessage(4021, LogLevel.Warning, "Activity {Activity} #{Task} of instance {InstanceId} failed: {ErrorType}.")]
    public static partial void ActivityFailed(ILogger logger, string activity, int task, string instanceId, string errorType);

    [LoggerMessage(4022, LogLevel.Information, "Activity {Activity} of instance {InstanceId} was interrupted; it is run again.")]
    public static partial void ActivityInterrupted(ILogger logger, string activity, string instanceId);
}
