using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>The states of projections: a partition each, with a row for its versions, which is its alias, and one for each row that stands still.</summary>
internal sealed class TableProjectionStates(TableSet tables) : IProjectionStates
{
    private const string TableName = "atomicProjections";
    private const string VersionsRow = "versions";
    private const string BlockedPrefix = "blocked!";

    private Table Projections => tables[TableName];

    public async Task<ProjectionState> LoadAsync(string projection, CancellationToken cancellation)
    {
        var (state, blocked) = (ProjectionState.Initial(projection), new List<BlockedRow>());
        await foreach (var row in Projections.QueryAsync(TableClient.CreateQueryFilter($"PartitionKey eq {projection}"), cancellation))
        {
            if (row.RowKey != VersionsRow)
            {
                blocked.Add(Read<BlockedRow>(row));
                continue;
            }

            var stored = Read<Versions>(row);
            state = new ProjectionState(projection, stored.Active, stored.Other, stored.Last, stored.Retired, [], row.ETag.ToString());
        }

        return state with { Blocked = blocked };
    }

    public async Task<bool> WriteAsync(ProjectionState state, CancellationToken cancellation)
    {
        var row = RowOf(state.Projection, VersionsRow, new Versions(state.Active, state.Other, state.Last, state.Retired));
        var written = state.Tag is null
            ? await Projections.InsertAsync(row, cancellation)
            : await Projections.ReplaceAsync(row, state.Tag, cancellation);
        return written is not null;
    }

    public Task BlockAsync(string projection, BlockedRow row, CancellationToken cancellation) =>
        Projections.PutAsync(RowOf(projection, KeyOf(row.Version, row.Key), row), cancellation);

    public Task UnblockAsync(string projection, int version, string key, CancellationToken cancellation) =>
        Projections.DeleteAsync(projection, KeyOf(version, key), cancellation);

    public async Task DropAsync(ProjectionState state, int version, CancellationToken cancellation)
    {
        await tables[state.TableOf(version)].DropAsync(cancellation);
        foreach (var row in state.Blocked.Where(row => row.Version == version)) await UnblockAsync(state.Projection, version, row.Key, cancellation);
    }

    private static string KeyOf(int version, string key) => $"{BlockedPrefix}{version}!{KeyText.Encode(key)}";

    private static TableEntity RowOf<T>(string partition, string key, T value)
    {
        var row = new TableEntity(partition, key);
        Binary.Put(row, "Row", Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(value, StorageJson.Options)));
        return row;
    }

    private static T Read<T>(TableEntity row) =>
        JsonSerializer.Deserialize<T>(Packed.Unpack(Binary.Get(row, "Row")!).Span, StorageJson.Options)!;

    private sealed record Versions(ProjectionVersion Active, ProjectionVersion? Other, int Last, IReadOnlyList<ProjectionVersion> Retired);
}
