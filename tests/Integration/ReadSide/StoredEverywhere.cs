using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;

namespace Atomic.Integration.ReadSide;

/// <summary>All that the app has left anywhere: every row of every table, unpacked, and the bytes of the broker's and the engine's files.</summary>
internal static class StoredEverywhere
{
    private const byte Plain = 0;
    private const byte Brotli = 1;
    private const int BrotliHeader = 5;

    /// <summary>Where one of <paramref name="texts"/> stands, in either case.</summary>
    public static async Task<List<string>> FindAsync(string storage, string files, params string[] texts)
    {
        var found = new List<string>();
        var service = new TableServiceClient(storage);
        await foreach (var table in service.QueryAsync())
        {
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                var text = string.Join("\n", row.Select(property => $"{property.Key}={TextOf(property.Value)}"));
                found.AddRange(Found(text, texts, $"{table.Name} {row.PartitionKey} {row.RowKey}"));
            }
        }

        foreach (var file in Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            // Broker and engine hold them open; a lock is empty.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            found.AddRange(Found(await reader.ReadToEndAsync(), texts, Path.GetFileName(file)));
        }

        return found;
    }

    private static IEnumerable<string> Found(string text, string[] texts, string where) =>
        texts.Where(sought => text.Contains(sought, StringComparison.OrdinalIgnoreCase)).Select(sought => $"{sought} in {where}");

    private static string TextOf(object? value) => value is byte[] bytes ? Encoding.UTF8.GetString(Unpacked(bytes)) : $"{value}";

    private static byte[] Unpacked(byte[] bytes)
    {
        if (bytes is [Plain, ..]) return bytes[1..];
        if (bytes is not [Brotli, ..] || bytes.Length <= BrotliHeader) return bytes;
        using var unpacked = new MemoryStream();
        using var packed = new MemoryStream(bytes, BrotliHeader, bytes.Length - BrotliHeader);
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        brotli.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
