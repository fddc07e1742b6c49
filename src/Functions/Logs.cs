using Microsoft.Extensions.Logging;

namespace Atomic.Functions;

internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Error, "Health: {Part} does not answer.")]
    public static partial void PartUnhealthy(ILogger logger, string part, Exception e);

    [LoggerMessage(1101, LogLevel.Warning, "Transaction {Transaction}, step {Step}: try {Attempt} has no known outcome.")]
    public static partial void StepNotCarriedOut(ILogger logger, string transaction, string step, int attempt, Exception e);

    [LoggerMessage(1102, LogLevel.Error, "Transaction {Transaction}, step {Step}: its record does not answer, so it cannot be settled.")]
    public static partial void StepNotSettled(ILogger logger, string transaction, string step, Exception e);

    [LoggerMessage(1103, LogLevel.Error, "Participant {Context}: message {Id} cannot be read as a fact and is set aside.")]
    public static partial void FactUnreadable(ILogger logger, string context, string id, Exception e);

    [LoggerMessage(1104, LogLevel.Warning, "Command {Command} {Id} has no known outcome; its sender is told.")]
    public static partial void CommandFailed(ILogger logger, string command, string id, Exception e);
}
