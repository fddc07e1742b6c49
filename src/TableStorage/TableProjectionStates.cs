using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>
/// The states of projections, all in one small partition: for each a row for its versions, which is its alias, and one for each row that
/// stands still.
/// </summary>
internal sealed class TableProjectionStates(TableSet tables) : IProjectionStates
{
    private const string TableName = "atomicProjections";
    private const string Partition = "projections";
    private const string Versions = "versions";
    private const string Blocked = "blocked";

    private Table Projections => tables[TableName];

    public async Task<ProjectionState> LoadAsync(string projection, CancellationToken cancellation)
    {
        // '"' follows '!': these are all keys that begin with the projection's name and a '!'.
        var (from, to) = ($"{projection}!", $"{projection}\"");
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {from} and RowKey lt {to}");
        return (await ReadAsync(filter, cancellation)).GetValueOrDefault(projection) ?? ProjectionState.Initial(projection);
    }

    public async Task<IReadOnlyDictionary<string, ProjectionState>> LoadAllAsync(CancellationToken cancellation) =>
        await ReadAsync(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation);

    public async Task<bool> WriteAsync(ProjectionState state, CancellationToken cancellation)
    {
        var row = RowOf($"{state.Projection}!{Versions}", new StoredVersions(state.Active, state.Other, state.Last, state.Retired));
        var written = state.Tag is null
            ? await Projections.InsertAsync(row, cancellation)
            : await Projections.ReplaceAsync(row, state.Tag, cancellation);
        return written is not null;
    }

    public Task BlockAsync(string projection, BlockedRow row, CancellationToken cancellation) =>
        Projections.PutAsync(RowOf(KeyOf(projection, row.Version, row.Key), row), cancellation);

    public Task UnblockAsync(string projection, int version, string key, CancellationToken cancellation) =>
        Projections.DeleteAsync(Partition, KeyOf(projection, version, key), cancellation);

    public async Task DropAsync(ProjectionState state, int version, CancellationToken cancellation)
    {
        await tables[state.TableOf(version)].DropAsync(cancellation);
        foreach (var row in state.Blocked.Where(row => row.Version == version)) await UnblockAsync(state.Projection, version, row.Key, cancellation);
    }

    private async Task<Dictionary<string, ProjectionState>> ReadAsync(string filter, CancellationToken cancellation)
    {
        var (states, blocked) = (new Dictionary<string, ProjectionState>(), new List<(string Projection, BlockedRow Row)>());
        await foreach (var row in Projections.QueryAsync(filter, cancellation))
        {
            var key = row.RowKey.Split('!');
            if (key[1] == Versions)
            {
                var stored = Read<StoredVersions>(row);
                states[key[0]] = new ProjectionState(key[0], stored.Active, stored.Other, stored.Last, stored.Retired, [], row.ETag.ToString());
            }
            else
            {
                blocked.Add((key[0], Read<BlockedRow>(row)));
            }
        }

        foreach (var rows in blocked.GroupBy(each => each.Projection, each => each.Row))
            states[rows.Key] = (states.GetValueOrDefault(rows.Key) ?? ProjectionState.Initial(rows.Key)) with { Blocked = [.. rows] };
        return states;
    }

    private static string KeyOf(string projection, int version, string key) => $"{projection}!{Blocked}!{version}!{KeyText.Encode(key)}";

    private static TableEntity RowOf<T>(string key, T value)
    {
        var row = new TableEntity(Partition, key);
        Binary.Put(row, "Row", Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(value, StorageJson.Options)));
        return row;
    }

    private static T Read<T>(TableEntity row) =>
        JsonSerializer.Deserialize<T>(Packed.Unpack(Binary.Get(row, "Row")!).Span, StorageJson.Options)!;

    private sealed record StoredVersions(ProjectionVersion Active, ProjectionVersion? Other, int Last, IReadOnlyList<ProjectionVersion> Retired);
}
