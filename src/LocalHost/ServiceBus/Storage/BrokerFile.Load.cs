using Atomic.LocalHost.ServiceBus.Entities;
using Microsoft.Data.Sqlite;

namespace Atomic.LocalHost.ServiceBus.Storage;

internal sealed partial class BrokerFile
{
    public IReadOnlyList<EntityRecord> LoadEntities() => [.. Query(
        "SELECT id, path, sequence FROM entity",
        row => new EntityRecord(row.GetInt32(0), row.GetString(1)) { LastSequence = row.GetInt64(2) })];

    public IEnumerable<Message> LoadMessages(IReadOnlyDictionary<int, EntityRecord> entities) => Query(
        """
        SELECT row, entity, dead, deferred, sequence, enqueued_sequence, enqueued, due, life, deliveries, content
        FROM message ORDER BY row
        """,
        row => ReadMessage(row, entities[row.GetInt32(1)], ContentFormat.Read(row.GetFieldValue<byte[]>(10))));

    public IEnumerable<(int Entity, string Id, byte[] State)> LoadSessions() => Query(
        "SELECT entity, id, state FROM session", row => (row.GetInt32(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));

    /// <summary>The oldest first.</summary>
    public IEnumerable<(int Entity, string Id, DateTimeOffset At)> LoadSeen() => Query(
        "SELECT entity, id, at FROM seen ORDER BY at", row => (row.GetInt32(0), row.GetString(1), Time(row, 2)));

    private static Message ReadMessage(SqliteDataReader row, EntityRecord entity, Content content) => new(row.GetInt64(0))
    {
        Entity = entity,
        IsDead = row.GetBoolean(2),
        IsDeferred = row.GetBoolean(3),
        Sequence = row.GetInt64(4),
        EnqueuedSequence = row.GetInt64(5),
        Enqueued = Time(row, 6),
        Due = row.IsDBNull(7) ? null : Time(row, 7),
        TimeToLive = new TimeSpan(row.GetInt64(8)),
        Deliveries = row.GetInt32(9),
        Content = content,
        StoredContent = content,
    };

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private IEnumerable<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        while (row.Read()) yield return read(row);
    }
}
