using Microsoft.Extensions.Logging;

namespace Atomic.Functions;

internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Error, "Health: {Part} does not answer.")]
    public static partial void PartUnhealthy(ILogger logger, string part, Exception e);
}
