using System.Text;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Tables;

/// <summary>How large a row is: as Azure stores it, and as it travels in a batch. In bytes.</summary>
internal static class RowSize
{
    // Headers of one operation: boundary, verb, the table's address, types.
    private const int OperationBytes = 640;
    private const int PropertyBytes = 40;

    public static long InStorage(TableEntity row)
    {
        long bytes = 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length));
        foreach (var (name, value) in row)
        {
            if (name is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") continue;
            bytes += 8 + (2 * name.Length) + (value is byte[] or string ? 4 : 0) + OfValue(value);
        }

        return bytes;
    }

    public static long InBatch(TableEntity row)
    {
        // The keys are in the operation's address as well.
        long bytes = OperationBytes + row.PartitionKey.Length + row.RowKey.Length;
        foreach (var (name, value) in row) bytes += PropertyBytes + name.Length + InJson(value);
        return bytes;
    }

    public static long OfValue(object? value) => value switch
    {
        null => 0,
        string text => 2L * text.Length,
        byte[] bytes => bytes.Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };

    private static long InJson(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        byte[] bytes => 4L * ((bytes.Length + 2) / 3),
        _ => 32,
    };
}
