namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>
/// The tables of the durable engine's file. What changes with every step is apart from what never changes, so that a large input is
/// not written again with each.
/// </summary>
internal static class Schema
{
    public const int Version = 1;

    public const string Create = """
        CREATE TABLE Instances(
            Key INTEGER PRIMARY KEY,
            Id TEXT NOT NULL UNIQUE,
            Name TEXT NOT NULL,
            Version TEXT NOT NULL,
            Created INTEGER NOT NULL,
            StartAt INTEGER,
            ParentKey INTEGER,
            ParentTask INTEGER,
            ParentId TEXT,
            ParentName TEXT,
            Tags TEXT,
            Trace TEXT,
            TraceState TEXT,
            Input TEXT);
        CREATE INDEX InstancesByCreation ON Instances(Created, Key);
        CREATE INDEX InstancesByParent ON Instances(ParentKey) WHERE ParentKey IS NOT NULL;
        CREATE TABLE States(
            Key INTEGER PRIMARY KEY,
            Status INTEGER NOT NULL,
            Updated INTEGER NOT NULL,
            CustomStatus TEXT,
            Output TEXT,
            Failure TEXT);
        CREATE INDEX StatesByStatus ON States(Status, Key);
        CREATE TABLE Steps(Key INTEGER NOT NULL, Position INTEGER NOT NULL, Step TEXT NOT NULL, PRIMARY KEY(Key, Position)) WITHOUT ROWID;
        CREATE TABLE Activities(
            Key INTEGER NOT NULL, Task INTEGER NOT NULL, Name TEXT NOT NULL, Input TEXT, PRIMARY KEY(Key, Task)) WITHOUT ROWID;
        CREATE TABLE Timers(Key INTEGER NOT NULL, Task INTEGER NOT NULL, Due INTEGER NOT NULL, PRIMARY KEY(Key, Task)) WITHOUT ROWID;
        CREATE TABLE Messages(Number INTEGER PRIMARY KEY, Key INTEGER NOT NULL, Event TEXT NOT NULL);
        CREATE INDEX MessagesByKey ON Messages(Key);
        """;
}
