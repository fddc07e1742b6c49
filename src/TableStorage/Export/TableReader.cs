using System.Runtime.CompilerServices;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Export;

/// <summary>Reads a part of a table while others write to it, so that the rows of each partition fit together.</summary>
internal sealed class TableReader(TableClient table, TimeProvider clock)
{
    private const int MostReadings = 10;

    // The service's clock is not ours.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The rows of a range in the order of their keys. A stream's head is its last row, so one that is appended to meanwhile would be read
    /// with a head that is newer than its events. Partitions that may have been written to are therefore read until two readings agree.
    /// </summary>
    /// <exception cref="RestlessPartitionException">A partition never kept still.</exception>
    public async IAsyncEnumerable<TableEntity> ReadAsync(KeyRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var began = clock.GetUtcNow() - Skew;
        var partition = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(range.Filter, cancellationToken: cancellation))
        {
            if (partition.Count > 0 && partition[0].PartitionKey != row.PartitionKey)
            {
                foreach (var settled in await SettleAsync(partition, began, cancellation)) yield return settled;
                partition.Clear();
            }

            partition.Add(row);
        }

        foreach (var settled in await SettleAsync(partition, began, cancellation)) yield return settled;
    }

    private async Task<IReadOnlyList<TableEntity>> SettleAsync(List<TableEntity> reading, DateTimeOffset began, CancellationToken cancellation)
    {
        if (reading.All(row => row.Timestamp < began)) return reading;
        var before = reading;
        for (var readings = 1; readings < MostReadings; readings++)
        {
            var again = await PartitionAsync(reading[0].PartitionKey, cancellation);
            if (Tags(again).SequenceEqual(Tags(before))) return again;
            before = again;
        }

        throw new RestlessPartitionException(table.Name, reading[0].PartitionKey, MostReadings);
    }

    private async Task<List<TableEntity>> PartitionAsync(string partition, CancellationToken cancellation)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellation))
            rows.Add(row);
        return rows;
    }

    private static IEnumerable<(string Row, string Tag)> Tags(List<TableEntity> rows) => rows.Select(row => (row.RowKey, row.ETag.ToString()));
}
