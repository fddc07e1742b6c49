using Microsoft.Data.Sqlite;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>
/// The file in which the engine keeps its state: SQLite with a write-ahead log and <c>synchronous=NORMAL</c>. A commit is handed to the
/// operating system, so a kill of the process loses none; a power cut may lose the last ones and leaves the file whole.
/// </summary>
internal sealed class DurableFile : IDisposable
{
    private readonly FileStream _lock;

    private DurableFile(FileStream held, SqliteConnection writing, SqliteConnection reading)
    {
        _lock = held;
        Writing = writing;
        Reading = reading;
    }

    public SqliteConnection Writing { get; }

    public SqliteConnection Reading { get; }

    /// <exception cref="InvalidOperationException">Another process has it open, or another version wrote it.</exception>
    public static DurableFile Open(string path)
    {
        var held = Hold(path);
        SqliteConnection? writing = null;
        try
        {
            writing = Connect(path, SqliteOpenMode.ReadWriteCreate);
            Execute(writing, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;");
            Prepare(writing, path);
            return new DurableFile(held, writing, Connect(path, SqliteOpenMode.ReadOnly));
        }
        catch
        {
            writing?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
        _lock.Dispose();
    }

    // SQLite would let a second process in, and two engines would each do all the work.
    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new InvalidOperationException($"The durable engine's file {path} is in use by another process.", e);
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        switch (Execute(connection, "PRAGMA user_version"))
        {
            case 0L:
                Execute(connection, $"BEGIN; {Schema.Create} PRAGMA user_version = {Schema.Version}; COMMIT;");
                break;
            case (long)Schema.Version:
                break;
            case var version:
                throw new InvalidOperationException(
                    $"The durable engine's file {path} has version {version}, and this host reads version {Schema.Version}. Delete it to start anew.");
        }
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
