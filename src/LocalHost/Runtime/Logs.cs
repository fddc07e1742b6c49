using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime;

internal static partial class Logs
{
    [LoggerMessage(2001, LogLevel.Debug, "Function {Function} began.")]
    public static partial void FunctionStarted(ILogger logger, string function);

    [LoggerMessage(2002, LogLevel.Information, "Function {Function} succeeded after {Milliseconds:0} ms.")]
    public static partial void FunctionSucceeded(ILogger logger, string function, double milliseconds);

    [LoggerMessage(2003, LogLevel.Error, "Function {Function} failed.")]
    public static partial void FunctionFailed(ILogger logger, string function, Exception e);

    [LoggerMessage(2004, LogLevel.Information, "Function {Function} was cancelled.")]
    public static partial void FunctionCancelled(ILogger logger, string function);

    [LoggerMessage(2010, LogLevel.Error, "{Method} {Path} could not be answered.")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception e);

    [LoggerMessage(2020, LogLevel.Warning, "Function {Function} missed its run of {Due:o}, and runs now.")]
    public static partial void TimerPastDue(ILogger logger, string function, DateTimeOffset due);

    [LoggerMessage(2021, LogLevel.Error, "The timer of function {Function} has stopped.")]
    public static partial void TimerStopped(ILogger logger, string function, Exception e);

    [LoggerMessage(2030, LogLevel.Error, "Function {Function}: {Entity} cannot be received from ({Source}).")]
    public static partial void ReceivingFailed(ILogger logger, string function, string entity, string source, Exception e);

    [LoggerMessage(2040, LogLevel.Warning, "Still running after {Seconds:0} s and told to stop: {Functions}.")]
    public static partial void StillRunning(ILogger logger, double seconds, string functions);

    [LoggerMessage(2041, LogLevel.Error, "Given up while running: {Functions}.")]
    public static partial void GivenUp(ILogger logger, string functions);

    [LoggerMessage(2042, LogLevel.Error, "{Part} did not stop cleanly.")]
    public static partial void StopFailed(ILogger logger, string part, Exception e);
}
