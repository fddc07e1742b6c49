using System.Buffers;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Tables;

/// <summary>
/// Refuses, before anything is sent, what Azure refuses: Azurite accepts some of it, and what passes there must pass in Azure.
/// </summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model</remarks>
internal static class TableLimits
{
    public const int KeyCharacters = 512;
    public const int Properties = 252;
    public const int PropertyBytes = 64 * 1024;
    public const int RowBytes = 1024 * 1024;
    public const int BatchRows = 100;
    public const int BatchBytes = 4 * 1024 * 1024;
    public const int PageRows = 1000;
    public const int NameCharacters = 63;

    // The keys and the time stamp are properties as well, and these come on top of the 252.
    private static readonly string[] System = ["PartitionKey", "RowKey", "Timestamp", "odata.etag"];

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. "/\\#?", .. Enumerable.Range(0, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7F, 0x21).Select(c => (char)c)]);

    public static void CheckName(string table)
    {
        if (table.Length is >= 3 and <= NameCharacters && char.IsAsciiLetter(table[0]) && table.All(char.IsAsciiLetterOrDigit)) return;
        throw new ArgumentException(
            $"A table's name is 3 to {NameCharacters} letters and digits, a letter first, and not '{table}'.", nameof(table));
    }

    public static void CheckPage(string table, int rows)
    {
        if (rows > PageRows) throw new TableLimitException(table, "The size of a page", rows, PageRows);
    }

    public static void CheckBatch(string table, IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count > BatchRows) throw new TableLimitException(table, "The count of rows in a batch", actions.Count, BatchRows);
        var keys = new HashSet<string>(actions.Count);
        long bytes = 0;
        foreach (var action in actions)
        {
            var row = (TableEntity)action.Entity;
            CheckRow(table, row);
            if (row.PartitionKey != actions[0].Entity.PartitionKey)
                throw new TableLimitException(table, "The count of partitions in a batch", 2, 1);
            if (!keys.Add(row.RowKey)) throw new TableLimitException(table, $"The count of row '{row.RowKey}' in a batch", 2, 1);
            bytes += RowSize.InBatch(row);
        }

        if (bytes > BatchBytes) throw new TableLimitException(table, "The size of a batch, in bytes,", bytes, BatchBytes);
    }

    public static void CheckRow(string table, TableEntity row)
    {
        CheckKey(table, "partition key", row.PartitionKey);
        CheckKey(table, "row key", row.RowKey);
        var properties = 0;
        foreach (var (name, value) in row)
        {
            if (System.Contains(name)) continue;
            properties++;
            var size = RowSize.OfValue(value);
            if (size > PropertyBytes)
                throw new TableLimitException(table, $"The size of property {name} of row '{row.RowKey}', in bytes,", size, PropertyBytes);
        }

        if (properties > Properties)
            throw new TableLimitException(table, $"The count of properties of row '{row.RowKey}'", properties, Properties);
        var bytes = RowSize.InStorage(row);
        if (bytes > RowBytes) throw new TableLimitException(table, $"The size of row '{row.RowKey}', in bytes,", bytes, RowBytes);
    }

    public static void CheckKey(string table, string what, string key)
    {
        if (key.Length > KeyCharacters) throw new TableLimitException(table, $"The length of a {what}", key.Length, KeyCharacters);
        if (!key.AsSpan().ContainsAny(Forbidden)) return;
        var count = key.Count(c => Forbidden.Contains(c));
        throw new TableLimitException(table, $"The count of forbidden characters in the {what} '{key}'", count, 0);
    }
}
