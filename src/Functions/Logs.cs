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

    [LoggerMessage(1006, LogLevel.Information, "Projection {Projection}: {Rows} rows let go of a person's data.")]
    public static partial void RowsScrubbed(ILogger logger, string projection, int rows);

    [LoggerMessage(1007, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception e);

    // What a transaction says of itself: alerts look for the names of these four and of what the watchdog says, and for {Transaction} and {Step}.
    [LoggerMessage(1101, LogLevel.Information, "Transaction {Transaction} of {Definition} version {Version} started.")]
    public static partial void TransactionStarted(ILogger logger, string transaction, string definition, int version);

    [LoggerMessage(1102, LogLevel.Warning, "Transaction {Transaction}: step {Step} is parked: {Reason}")]
    public static partial void StepParked(ILogger logger, string transaction, string step, string reason);

    [LoggerMessage(1103, LogLevel.Information, "Transaction {Transaction}: step {Step} goes on.")]
    public static partial void StepResumed(ILogger logger, string transaction, string step);

    [LoggerMessage(1104, LogLevel.Information, "Transaction {Transaction} ended: {State}.")]
    public static partial void TransactionEnded(ILogger logger, string transaction, string state);

    [LoggerMessage(1111, LogLevel.Warning, "Transaction {Transaction}, step {Step}: try {Attempt} has no known outcome.")]
    public static partial void StepNotCarriedOut(ILogger logger, string transaction, string step, int attempt, Exception e);

    [LoggerMessage(1112, LogLevel.Error, "Transaction {Transaction}, step {Step}: its record does not answer, so it cannot be settled.")]
    public static partial void StepNotSettled(ILogger logger, string transaction, string step, Exception e);

    [LoggerMessage(1113, LogLevel.Error, "Participant {Context}: message {Id} cannot be read as a fact and is set aside.")]
    public static partial void FactUnreadable(ILogger logger, string context, string id, Exception e);

    [LoggerMessage(1114, LogLevel.Warning, "Command {Command} {Id} has no known outcome; its sender is told.")]
    public static partial void CommandFailed(ILogger logger, string command, string id, Exception e);

    [LoggerMessage(1115, LogLevel.Error, "Transaction {Transaction}: an event cannot be read as a {Signal} and is passed over.")]
    public static partial void SignalUnreadable(ILogger logger, string transaction, string signal, Exception? e);

    [LoggerMessage(1116, LogLevel.Information, "Transaction {Transaction}: event {Name} came after its end and is passed over.")]
    public static partial void EventTooLate(ILogger logger, string transaction, string name);

    [LoggerMessage(1117, LogLevel.Warning, "Transaction {Transaction} was started; lists show it only once it ends, since the fact of its start was not published.")]
    public static partial void StartNotTold(ILogger logger, string transaction, Exception e);

    [LoggerMessage(1118, LogLevel.Warning, "Transaction {Transaction}: {Activity} failed, and is called again in a minute: {Reason}")]
    public static partial void ActivityFailed(ILogger logger, string transaction, string activity, string reason);

    [LoggerMessage(1121, LogLevel.Warning, "Transaction {Transaction}: step {Step} is late: {Reason}")]
    public static partial void FlowOverdue(ILogger logger, string transaction, string step, string reason);

    [LoggerMessage(1201, LogLevel.Information, "{Rows} rows of {Tables} tables exported for {Day}.")]
    public static partial void EventStoreExported(ILogger logger, long rows, int tables, string day);

    [LoggerMessage(1202, LogLevel.Information, "{Count} histories that had completed before {Until} were let go.")]
    public static partial void HistoriesPurged(ILogger logger, int count, DateTimeOffset until);

    [LoggerMessage(1203, LogLevel.Information, "Histories from before {Until} were let go, as many as there was time for.")]
    public static partial void HistoriesPurgedInPart(ILogger logger, DateTimeOffset until);

    [LoggerMessage(1211, LogLevel.Warning, "Transaction {Transaction}: {Repair}, for the {Attempt}. time: {Reason}")]
    public static partial void TransactionRepaired(ILogger logger, string transaction, string repair, int attempt, string reason);

    [LoggerMessage(1212, LogLevel.Error, "Transaction {Transaction} needs a person: {Reason}")]
    public static partial void TransactionRaised(ILogger logger, string transaction, string reason);

    [LoggerMessage(1213, LogLevel.Error, "Transaction {Transaction} could not be looked at or repaired; the next watch tries again.")]
    public static partial void TransactionNotWatched(ILogger logger, string transaction, Exception e);

    [LoggerMessage(1214, LogLevel.Information, "The watchdog looked at all transactions, and found {Count} that need something.")]
    public static partial void TransactionsWatched(ILogger logger, int count);

    // What is said of a transaction later does not undo it: the alert goes by that it was said at all.
    [LoggerMessage(1215, LogLevel.Error, "Transaction {Transaction} has written what its streams do not hold: {Reason}")]
    public static partial void WritesLost(ILogger logger, string transaction, string reason);

    [LoggerMessage(1216, LogLevel.Error, "Restore of {Day}: {Count} transactions could not be looked at for a day, and are compared with the streams no more.")]
    public static partial void RestoreNotCompared(ILogger logger, string day, int count);

    [LoggerMessage(1301, LogLevel.Information, "{Caller} calls {Function} at {Path}.")]
    public static partial void OperatorActs(ILogger logger, string caller, string function, string path);

    [LoggerMessage(1302, LogLevel.Warning, "{Caller} may not call {Function}: {Status}.")]
    public static partial void CallRefused(ILogger logger, string caller, string function, int status);
}
