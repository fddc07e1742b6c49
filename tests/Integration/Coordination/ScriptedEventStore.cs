using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.Testing.EventStore;
using Atomic.Verification.Simulation;

namespace Atomic.Integration.Coordination;

internal enum Mishap
{
    /// <summary>Nothing is written.</summary>
    FailsBefore,

    /// <summary>It is written, and nobody is told.</summary>
    FailsAfter,

    /// <summary>The business refuses it instead, and nobody is told, so that it is asked for again.</summary>
    RefusesUntold,

    /// <summary>Nothing is written until it is released.</summary>
    Waits,
}

/// <summary>
/// The event store with a script of what goes wrong, by the record that an append changes. It keeps the ledger: every change of a record with
/// the events that it wrote.
/// </summary>
internal sealed class ScriptedEventStore(IEventStore inner) : ForwardingEventStore(inner)
{
    private readonly ConcurrentDictionary<string, Entry> _script = new();
    private readonly ConcurrentQueue<LedgerEntry> _ledger = new();

    /// <param name="key">The record's key: the transaction and the step.</param>
    /// <param name="times">How often; null for as long as it stands in the script.</param>
    public Entry On(string key, RecordState from, RecordState to, Mishap mishap, int? times = null) =>
        _script[PointOf(key, from, to)] = new Entry(mishap, times ?? int.MaxValue);

    public void Forget(string key)
    {
        foreach (var point in _script.Keys.Where(point => point.StartsWith($"{key} ", StringComparison.Ordinal)))
        {
            if (_script.TryRemove(point, out var entry)) entry.Release();
        }
    }

    /// <summary>What the transaction has written, in order.</summary>
    public IReadOnlyList<LedgerEntry> LedgerOf(string transaction) =>
        [.. _ledger.Where(entry => entry.Key.StartsWith($"{transaction}:", StringComparison.Ordinal))];

    public override async Task<AppendOutcome> AppendAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
    {
        var after = false;
        foreach (var commit in commits)
        {
            if (!_script.TryGetValue(PointOf(commit.CommandId, commit.From, commit.To), out var entry) || !entry.TryUse()) continue;
            switch (entry.Mishap)
            {
                case Mishap.FailsBefore: throw new ScriptedException(commit.CommandId);
                case Mishap.Waits: await entry.WaitAsync(); break;
                case Mishap.FailsAfter: after = true; break;
                default:
                    await WriteAsync(head, [commit with { To = RecordState.Refused, Events = [], Reason = "The business says no." }], cancellation);
                    throw new ScriptedException(commit.CommandId);
            }
        }

        var outcome = await WriteAsync(head, commits, cancellation);
        return after ? throw new ScriptedException(commits[0].CommandId) : outcome;
    }

    private async Task<AppendOutcome> WriteAsync<TState>(StreamHead<TState> head, IReadOnlyList<NewCommit> commits, CancellationToken cancellation)
        where TState : IAggregate<TState>
    {
        var outcome = await base.AppendAsync(head, commits, cancellation);
        if (outcome is AppendOutcome.Appended)
        {
            foreach (var commit in commits) _ledger.Enqueue(new LedgerEntry(head.Stream, commit.CommandId, commit.From, commit.To, commit.Events));
        }

        return outcome;
    }

    private static string PointOf(string key, RecordState from, RecordState to) => $"{key} {from}>{to}";

    internal sealed class Entry(Mishap mishap, int times)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _met;

        public Mishap Mishap => mishap;

        /// <summary>How often it was met.</summary>
        public int Met => Volatile.Read(ref _met);

        /// <summary>Completes once something waits.</summary>
        public Task Reached => _reached.Task;

        public bool TryUse() => Interlocked.Increment(ref _met) <= times;

        public Task WaitAsync()
        {
            _reached.TrySetResult();
            return _released.Task;
        }

        public void Release() => _released.TrySetResult();
    }
}

internal sealed class ScriptedException(string what) : Exception($"Scripted: {what[(what.IndexOf(':', StringComparison.Ordinal) + 1)..]}");
