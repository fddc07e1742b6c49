namespace Atomic.TableStorage.Export;

/// <summary>An export cannot be restored, or not any further. Nothing that was there has been changed.</summary>
public sealed class RestoreException(string message) : Exception(message)
{
    internal static RestoreException NoExport(string day, IReadOnlyList<string> days) => new(
        $"There is no whole export of {day}; there are: {(days.Count == 0 ? "none" : string.Join(", ", days))}.");

    internal static RestoreException Occupied(string table, string partition, string row) => new(
        $"{table} has a row {row} of {partition} that is not as it was exported: restore into tables that are empty, or were restored from this export.");

    internal static RestoreException Incomplete(string table, long rows, long expected) => new(
        $"{table} was exported with {expected} rows, and {rows} came back.");
}
