using Microsoft.Extensions.Logging;

namespace Atomic.Functions;

internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Error, "Health: {Part} does not answer.")]
    public static partial void PartUnhealthy(ILogger logger, string part, Exception e);

    [LoggerMessage(1002, LogLevel.Error, "Projection {Projection}: {Event} was not applied and will be delivered again.")]
    public static partial void EventNotApplied(ILogger logger, string projection, string @event, Exception e);

    [LoggerMessage(1003, LogLevel.Error, "Projection {Projection}: row {Row} stands still, for it cannot take {Event}.")]
    public static partial void RowBlocked(ILogger logger, string projection, string row, string @event);

    [LoggerMessage(1004, LogLevel.Error, "Command {Command} {Id} has no known outcome and will be delivered again.")]
    public static partial void CommandNotDone(ILogger logger, string command, string id, Exception e);

    [LoggerMessage(1005, LogLevel.Error, "Dead letter {Id}: what its command had written could not be published, and will be tried again.")]
    public static partial void DeadLetterNotPublished(ILogger logger, string id, Exception e);
}
