using System.Globalization;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Rows;

/// <summary>Bytes in a row: in the property <c>Data</c>, and where it cannot hold them all, on in <c>Data1</c>, <c>Data2</c>, …</summary>
internal static class Binary
{
    private const int PropertyBytes = 64 * 1024;

    /// <summary>
    /// How many bytes one row takes. Azure would take 15 properties into its 1 MiB; Azurite measures the row as it travels, where binary is
    /// a third longer.
    /// </summary>
    public const int RowBytes = 11 * PropertyBytes;

    public static void Put(TableEntity row, string property, ReadOnlyMemory<byte> bytes)
    {
        for (var part = 0; part == 0 || part * PropertyBytes < bytes.Length; part++)
        {
            var from = part * PropertyBytes;
            row[Name(property, part)] = bytes.Slice(from, Math.Min(PropertyBytes, bytes.Length - from)).ToArray();
        }
    }

    /// <summary>The pieces of which each fits into one row.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes)
    {
        for (var from = 0; from < bytes.Length; from += RowBytes)
            yield return bytes.AsMemory(from, Math.Min(RowBytes, bytes.Length - from));
    }

    /// <summary>Null when the row has no such property.</summary>
    public static byte[]? Get(TableEntity row, string property)
    {
        if (row.GetBinary(property) is not { } first) return null;
        if (row.GetBinary(Name(property, 1)) is null) return first;
        using var bytes = new MemoryStream();
        for (var part = 0; row.GetBinary(Name(property, part)) is { } more; part++) bytes.Write(more);
        return bytes.ToArray();
    }

    private static string Name(string property, int part) =>
        part == 0 ? property : string.Create(CultureInfo.InvariantCulture, $"{property}{part}");
}
