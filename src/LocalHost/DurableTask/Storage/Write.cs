using System.Text.Json;
using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>One change of the file; the values stand for $0, $1, ….</summary>
internal readonly record struct Write(string Sql, params object?[] Values)
{
    public static Write AddInstance(InstanceRow row) => new(
        """
        INSERT INTO Instances(Key, Id, Name, Version, Created, StartAt, ParentKey, ParentTask, ParentId, ParentName, Tags, Trace, TraceState, Input)
        VALUES($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        row.Key, row.Id, row.Name, row.Version, row.Created.Ticks, row.StartAt?.Ticks,
        row.Parent?.Key, row.Parent?.Task, row.Parent?.InstanceId, row.Parent?.Name,
        row.Tags is { Count: > 0 } ? JsonSerializer.Serialize(row.Tags, HistoryJson.Default.IReadOnlyDictionaryStringString) : null,
        row.Trace, row.TraceState, row.Input);

    public static Write ContinueInstance(InstanceRow row) =>
        new("UPDATE Instances SET Input = $1, Version = $2 WHERE Key = $0", row.Key, row.Input, row.Version);

    public static Write SetState(long key, InstanceState state) => new(
        "INSERT OR REPLACE INTO States(Key, Status, Updated, CustomStatus, Output, Failure) VALUES($0, $1, $2, $3, $4, $5)",
        key, (long)state.Status, state.Updated.Ticks, state.CustomStatus, state.Output, state.Failure?.Write());

    public static Write AddStep(long key, long position, Step step) =>
        new("INSERT INTO Steps(Key, Position, Step) VALUES($0, $1, $2)", key, position, step.Write());

    public static Write DropSteps(long key) => new("DELETE FROM Steps WHERE Key = $0", key);

    public static Write AddActivity(long key, int task, string name, string? input) =>
        new("INSERT OR REPLACE INTO Activities(Key, Task, Name, Input) VALUES($0, $1, $2, $3)", key, (long)task, name, input);

    public static Write DropActivity(long key, int task) => new("DELETE FROM Activities WHERE Key = $0 AND Task = $1", key, (long)task);

    public static Write AddTimer(long key, int task, DateTime due) =>
        new("INSERT OR REPLACE INTO Timers(Key, Task, Due) VALUES($0, $1, $2)", key, (long)task, due.Ticks);

    public static Write DropTimer(long key, int task) => new("DELETE FROM Timers WHERE Key = $0 AND Task = $1", key, (long)task);

    public static Write AddMessage(long number, long key, InstanceEvent e) => new(
        "INSERT INTO Messages(Number, Key, Event) VALUES($0, $1, $2)",
        number, key, JsonSerializer.Serialize(e, HistoryJson.Default.InstanceEvent));

    public static Write DropMessage(long number) => new("DELETE FROM Messages WHERE Number = $0", number);

    /// <summary>Messages that came when their instance had ended.</summary>
    public static Write DropStrayMessages() => new(
        "DELETE FROM Messages WHERE Key NOT IN (SELECT Key FROM States WHERE Status IN ($0, $1, $2))",
        (long)OrchestrationRuntimeStatus.Running, (long)OrchestrationRuntimeStatus.Pending, (long)OrchestrationRuntimeStatus.Suspended);

    /// <summary>All that an instance still waited for.</summary>
    public static IEnumerable<Write> DropWork(long key) =>
    [
        new("DELETE FROM Activities WHERE Key = $0", key),
        new("DELETE FROM Timers WHERE Key = $0", key),
        new("DELETE FROM Messages WHERE Key = $0", key),
    ];

    public static IEnumerable<Write> DropInstance(long key) =>
    [
        .. DropWork(key),
        DropSteps(key),
        new("DELETE FROM States WHERE Key = $0", key),
        new("DELETE FROM Instances WHERE Key = $0", key),
    ];
}
