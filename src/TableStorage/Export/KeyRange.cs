using Azure.Data.Tables;

namespace Atomic.TableStorage.Export;

/// <summary>A part of a table, by the first character of the partition key. Together they are all of it, whatever its keys begin with.</summary>
internal sealed record KeyRange(string Name, string? From, string? Before)
{
    private const string Digits = "0123456789abcdef";

    public static IReadOnlyList<KeyRange> All =>
    [
        .. Digits.Select((digit, i) => new KeyRange($"{digit}", i == 0 ? null : $"{digit}", i == Digits.Length - 1 ? null : $"{Digits[i + 1]}")),
    ];

    public string Filter => (From, Before) switch
    {
        (null, null) => "",
        (null, { } before) => TableClient.CreateQueryFilter($"PartitionKey lt {before}"),
        ({ } from, null) => TableClient.CreateQueryFilter($"PartitionKey ge {from}"),
        var (from, before) => TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {before}"),
    };
}
