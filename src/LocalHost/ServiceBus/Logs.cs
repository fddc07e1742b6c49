using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.ServiceBus;

internal static partial class Logs
{
    [LoggerMessage(3001, LogLevel.Warning, "Service Bus: '{Path}' is not listed any more; its {Messages} messages are left as they are.")]
    public static partial void EntityUnlisted(ILogger logger, string path, int messages);

    [LoggerMessage(3002, LogLevel.Critical, "Service Bus: the file could not be written. What was not acknowledged has not happened; locks are lost.")]
    public static partial void NotWritten(ILogger logger, Exception e);

    [LoggerMessage(3003, LogLevel.Error, "Service Bus: the error handler of the processor on '{Path}' failed.")]
    public static partial void ErrorHandlerFailed(ILogger logger, string path, Exception e);
}
