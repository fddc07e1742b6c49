using Microsoft.Data.Sqlite;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>
/// The only writer of the file, on a thread of its own: commits in one transaction what has gathered meanwhile, and then says so to each.
/// An error ends it: memory and file would no longer agree, and only a new start brings them together again.
/// </summary>
internal sealed class CommitWriter : IDisposable
{
    private const int MostAtOnce = 512;

    private readonly object _turn = new();
    private readonly SqliteConnection _connection;
    private readonly CommitProbe? _probe;
    private readonly Action<Exception> _onBroken;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Queue<Commit> _gathered = new();
    private readonly Thread _thread;
    private Exception? _end;
    private bool _closing;

    public CommitWriter(SqliteConnection connection, CommitProbe? probe, Action<Exception> onBroken)
    {
        _connection = connection;
        _probe = probe;
        _onBroken = onBroken;
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = "durable task commits" };
        _thread.Start();
    }

    public void Add(Commit commit)
    {
        lock (_turn)
        {
            if (_end is null && !_closing)
            {
                _gathered.Enqueue(commit);
                if (_gathered.Count == 1) Monitor.Pulse(_turn);
                return;
            }
        }

        commit.Fail(_end ?? new ObjectDisposedException(nameof(DurableEngine)));
    }

    /// <summary>Writes what has gathered, and ends.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _closing = true;
            Monitor.Pulse(_turn);
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
        foreach (var command in _commands.Values) command.Dispose();
    }

    /// <summary>Ends without writing what has gathered, as a kill of the process would.</summary>
    public void Kill()
    {
        End([], new InvalidOperationException("The durable engine was killed."));
        Dispose();
    }

    private void WriteUntilClosed()
    {
        var batch = new List<Commit>();
        while (TakeGathered(batch))
        {
            try
            {
                if (!Write(batch)) return;
                foreach (var commit in batch) commit.Succeed();
            }
            catch (Exception e)
            {
                Break(batch, e);
                return;
            }
        }
    }

    private bool TakeGathered(List<Commit> batch)
    {
        batch.Clear();
        lock (_turn)
        {
            while (_gathered.Count == 0 && !_closing) Monitor.Wait(_turn);
            while (batch.Count < MostAtOnce && _gathered.TryDequeue(out var commit)) batch.Add(commit);
            return batch.Count > 0;
        }
    }

    /// <returns>False when a probe has stopped it here, as a kill of the process would.</returns>
    private bool Write(List<Commit> batch)
    {
        Execute(new Write("BEGIN IMMEDIATE"));
        foreach (var commit in batch)
        {
            foreach (var write in commit.Writes) Execute(write);
        }

        var stops = _probe?.StopsBefore() == true;
        Execute(new Write(stops ? "ROLLBACK" : "COMMIT"));
        if (!stops && _probe?.StopsAfter() != true) return true;
        End(batch, new InvalidOperationException("The durable engine was stopped."));
        return false;
    }

    private void Execute(Write write)
    {
        if (!_commands.TryGetValue(write.Sql, out var command))
        {
            _commands[write.Sql] = command = _connection.CreateCommand();
            command.CommandText = write.Sql;
            for (var i = 0; i < write.Values.Length; i++) command.Parameters.AddWithValue($"${i}", DBNull.Value);
            command.Prepare();
        }

        for (var i = 0; i < write.Values.Length; i++) command.Parameters[i].Value = write.Values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    private void Break(List<Commit> batch, Exception e)
    {
        var end = new InvalidOperationException($"The durable engine stopped, since its file could not be written: {e.Message}", e);
        End(batch, end);
        _onBroken(end);
    }

    private void End(List<Commit> batch, Exception end)
    {
        lock (_turn)
        {
            _end ??= end;
            batch.AddRange(_gathered);
            _gathered.Clear();
        }

        foreach (var commit in batch) commit.Fail(end);
    }
}

/// <summary>Lets a test end the writer, as a kill would, before or after one of its transactions.</summary>
internal abstract class CommitProbe
{
    public abstract bool StopsBefore();

    public abstract bool StopsAfter();
}
