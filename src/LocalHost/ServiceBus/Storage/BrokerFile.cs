using Microsoft.Data.Sqlite;

namespace Atomic.LocalHost.ServiceBus.Storage;

/// <summary>
/// The broker's SQLite file. In WAL mode with <c>synchronous=NORMAL</c> a commit is in the hands of the operating system before it is
/// acknowledged: killing the process loses nothing. A power cut may lose the last commits, but never tears one.
/// </summary>
internal sealed partial class BrokerFile : IDisposable
{
    private const long SchemaVersion = 1;
    private const int SecondsToWaitForLock = 2;

    private const string Schema = """
        CREATE TABLE entity (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE COLLATE NOCASE, sequence INTEGER NOT NULL);
        CREATE TABLE message (
            row INTEGER PRIMARY KEY, entity INTEGER NOT NULL, dead INTEGER NOT NULL, deferred INTEGER NOT NULL, sequence INTEGER NOT NULL,
            enqueued_sequence INTEGER NOT NULL, enqueued INTEGER NOT NULL, due INTEGER, life INTEGER NOT NULL, deliveries INTEGER NOT NULL,
            content BLOB NOT NULL);
        CREATE TABLE session (entity INTEGER NOT NULL, id TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (entity, id));
        CREATE TABLE seen (entity INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Statements _statements;

    private BrokerFile(SqliteConnection connection)
    {
        _connection = connection;
        _statements = new Statements(connection);
    }

    /// <exception cref="BrokerFileException">Another process has it open, or it is not a file of this broker.</exception>
    public static BrokerFile Open(string path)
    {
        var options = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = SecondsToWaitForLock };
        var connection = new SqliteConnection(options.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
            Prepare(connection, path);
            return new BrokerFile(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new BrokerFileException(path, e.SqliteErrorCode is 5 or 6 ? "is in use by another process" : e.Message, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction();
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        ask.Transaction = transaction;
        var version = (long)ask.ExecuteScalar()!;
        if (version is not (0 or SchemaVersion)) throw new BrokerFileException(path, $"has the unknown version {version}");
        if (version == 0) Execute(connection, $"{Schema}; PRAGMA user_version={SchemaVersion}", transaction);
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
