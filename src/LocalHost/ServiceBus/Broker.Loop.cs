using System.Diagnostics.CodeAnalysis;
using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus;

public sealed partial class Broker
{
    private const int LargestBatch = 1_000;

    // A timer cannot wait for longer than 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly List<Reply> _taken = [];
    private readonly List<Reply> _decided = [];

    private EntitySet? _entities;
    private DateTimeOffset? _alarmAt;

    private void Run()
    {
        try
        {
            foreach (var first in _requests.GetConsumingEnumerable()) DecideBatch(first);
            _entities?.Waiting.Refuse(_ => true, () => new ObjectDisposedException(nameof(Broker)));
            Answer();
        }
        finally
        {
            _file.Dispose();
            _ended.SetResult();
        }
    }

    private void DecideBatch(Request first)
    {
        try
        {
            Decide(first);
            while (_taken.Count < LargestBatch && _requests.TryTake(out var next)) Decide(next);
            Commit();
            SetAlarm();
        }
        catch (Exception e)
        {
            StartOver(e);
        }
    }

    private void Decide(Request request)
    {
        if (request.Reply is not null) _taken.Add(request.Reply);
        if (_entities is null) Load();
        _entities.AdvanceTo(request.At);
        request.Work(_entities);
        _entities.Serve();
    }

    private void Commit()
    {
        if (_entities is { Changes: { IsEmpty: false } changes })
        {
            _file.Commit(changes);
            changes.Clear();
        }

        Answer();
    }

    private void Answer()
    {
        foreach (var reply in _decided) reply.Release();
        _decided.Clear();
        _taken.Clear();
    }

    private void SetAlarm()
    {
        while (_entities!.Next != _alarmAt)
        {
            var now = _time.GetUtcNow();
            // What waits was asked before now, and must be decided as of then; it sets the alarm itself.
            if (_requests.Count > 0) return;
            var wait = _entities.Next - now;
            if (wait <= TimeSpan.Zero)
            {
                _entities.AdvanceTo(now);
                Commit();
                continue;
            }

            _alarmAt = _entities.Next;
            _alarm.Change(wait < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : LongestWait, Timeout.InfiniteTimeSpan);

            // Time may have passed it before it was set; then nothing rings.
            if (_alarmAt <= _time.GetUtcNow()) _alarmAt = null;
        }
    }

    // What was decided is not written. All concerned are told so, and the broker goes on from what the file holds.
    private void StartOver(Exception e)
    {
        Logs.NotWritten(_log, e);
        _entities?.Waiting.Refuse(_ => true, () => e);
        foreach (var reply in _decided.Concat(_taken)) reply.Fail(Failures.NotWritten(e));
        _decided.Clear();
        _taken.Clear();
        (_entities, _alarmAt) = (null, null);
    }

    [MemberNotNull(nameof(_entities))]
    private void Load()
    {
        _entities = new EntitySet(_topology, _file, _time.GetUtcNow());
        foreach (var (path, messages) in _entities.Unlisted) Logs.EntityUnlisted(_log, path, messages);
    }
}
