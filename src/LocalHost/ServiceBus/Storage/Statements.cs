using Microsoft.Data.Sqlite;

namespace Atomic.LocalHost.ServiceBus.Storage;

/// <summary>The statements of a commit, compiled once.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly List<Statement> _all = [];
    private readonly SqliteConnection _connection = connection;

    public Statement Begin => field ??= Compile("BEGIN IMMEDIATE");

    public Statement Commit => field ??= Compile("COMMIT");

    public Statement Rollback => field ??= Compile("ROLLBACK");

    public Statement SaveEntity => field ??= Compile(
        "INSERT INTO entity (id, path, sequence) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET sequence = ?3", 3);

    public Statement InsertMessage => field ??= Compile("INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", 11);

    public Statement UpdateMessage => field ??= Compile("UPDATE message SET dead = ?2, deferred = ?3, deliveries = ?4 WHERE row = ?1", 4);

    public Statement UpdateContent => field ??= Compile("UPDATE message SET content = ?2 WHERE row = ?1", 2);

    public Statement DeleteMessage => field ??= Compile("DELETE FROM message WHERE row = ?1", 1);

    public Statement SaveSession => field ??= Compile("INSERT OR REPLACE INTO session VALUES (?1, ?2, ?3)", 3);

    public Statement DeleteSession => field ??= Compile("DELETE FROM session WHERE entity = ?1 AND id = ?2", 2);

    public Statement SaveSeen => field ??= Compile("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)", 3);

    public Statement DeleteSeen => field ??= Compile("DELETE FROM seen WHERE entity = ?1 AND id = ?2", 2);

    public void Dispose() => _all.ForEach(statement => statement.Dispose());

    private Statement Compile(string sql, int parameters = 0)
    {
        var statement = new Statement(_connection, sql, parameters);
        _all.Add(statement);
        return statement;
    }
}

internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var number = 1; number <= parameters; number++) _command.Parameters.Add(new SqliteParameter { ParameterName = $"?{number}" });
        _command.Prepare();
    }

    public void Run(params ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++) _command.Parameters[index].Value = values[index] ?? DBNull.Value;
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
