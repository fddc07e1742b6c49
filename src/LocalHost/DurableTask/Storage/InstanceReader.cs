using System.Text.Json;
using Atomic.LocalHost.DurableTask.History;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>Reads what is committed, on a connection of its own, one question at a time.</summary>
internal sealed class InstanceReader(SqliteConnection connection)
{
    private const string Columns =
        "i.Key, i.Id, i.Name, i.Version, i.Created, i.StartAt, i.ParentKey, i.ParentTask, i.ParentId, i.ParentName, i.Tags, i.Trace, i.TraceState, "
        + "i.Input, s.Status, s.Updated, s.CustomStatus, s.Output, s.Failure";

    private readonly Lock _turn = new();

    public StoredInstance? Find(string id) =>
        Read($"SELECT {Columns} FROM Instances i JOIN States s ON s.Key = i.Key WHERE i.Id = $0", ReadInstance, id).SingleOrDefault();

    public IReadOnlyList<Step> Steps(long key) =>
        Read("SELECT Step FROM Steps WHERE Key = $0 ORDER BY Position", row => Step.Read(row.GetString(0)), key);

    public IReadOnlyList<StoredInstance> Children(long key) =>
        Read($"SELECT {Columns} FROM Instances i JOIN States s ON s.Key = i.Key WHERE i.ParentKey = $0 ORDER BY i.Key", ReadInstance, key);

    public IReadOnlyList<StoredInstance> Select(InstanceFilter filter)
    {
        var (where, values) = filter.ToSql();
        return Read($"SELECT {Columns} FROM Instances i JOIN States s ON s.Key = i.Key {where}", ReadInstance, values);
    }

    /// <summary>What the last process left unfinished.</summary>
    public Unfinished Unfinished() => new(
        Select(InstanceFilter.Live),
        Positions(),
        Read(
            "SELECT Key, Task, Name, Input FROM Activities ORDER BY Key, Task",
            row => new UnfinishedActivity(row.GetInt64(0), row.GetInt32(1), row.GetString(2), Text(row, 3))),
        Read("SELECT Key, Task, Due FROM Timers", row => new UnfinishedTimer(row.GetInt64(0), row.GetInt32(1), Time(row, 2))),
        Read("SELECT Number, Key, Event FROM Messages ORDER BY Number", ReadMessage));

    /// <summary>The highest key and number in use.</summary>
    public (long Key, long Number) Highest() => Read(
        "SELECT (SELECT IFNULL(MAX(Key), 0) FROM Instances), (SELECT IFNULL(MAX(Number), 0) FROM Messages)",
        row => (row.GetInt64(0), row.GetInt64(1))).Single();

    // Of the live ones only: the histories of all that have ended may be long.
    private Dictionary<long, long> Positions()
    {
        var (where, values) = InstanceFilter.Live.ToSql();
        return Read(
            $"SELECT i.Key, IFNULL((SELECT MAX(Position) + 1 FROM Steps WHERE Key = i.Key), 0) FROM Instances i JOIN States s ON s.Key = i.Key {where}",
            row => (row.GetInt64(0), row.GetInt64(1)),
            values).ToDictionary();
    }

    private static StoredInstance ReadInstance(SqliteDataReader row) => new(
        new InstanceRow(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row, 4),
            row.IsDBNull(5) ? null : Time(row, 5),
            row.IsDBNull(6) ? null : new ParentLink(row.GetInt64(6), row.GetInt32(7), row.GetString(8), row.GetString(9)),
            Text(row, 13),
            Text(row, 10) is { } tags ? JsonSerializer.Deserialize(tags, HistoryJson.Default.IReadOnlyDictionaryStringString) : null,
            Text(row, 11), Text(row, 12)),
        new InstanceState(
            (OrchestrationRuntimeStatus)row.GetInt32(14), Time(row, 15), Text(row, 16), Text(row, 17), Failure.Read(Text(row, 18))));

    private static UnfinishedMessage ReadMessage(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        JsonSerializer.Deserialize(row.GetString(2), HistoryJson.Default.InstanceEvent) ?? throw new InvalidDataException("A message is empty."));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime Time(SqliteDataReader row, int column) => new(row.GetInt64(column), DateTimeKind.Utc);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        lock (_turn)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
            using var rows = command.ExecuteReader();
            var found = new List<T>();
            while (rows.Read()) found.Add(read(rows));
            return found;
        }
    }
}

internal sealed record Unfinished(
    IReadOnlyList<StoredInstance> Instances,
    IReadOnlyDictionary<long, long> Positions,
    IReadOnlyList<UnfinishedActivity> Activities,
    IReadOnlyList<UnfinishedTimer> Timers,
    IReadOnlyList<UnfinishedMessage> Messages);

internal sealed record UnfinishedActivity(long Key, int Task, string Name, string? Input);

internal sealed record UnfinishedTimer(long Key, int Task, DateTime Due);

internal sealed record UnfinishedMessage(long Number, long Key, InstanceEvent Event);
