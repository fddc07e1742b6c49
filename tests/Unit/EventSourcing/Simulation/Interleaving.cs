using Atomic.EventSourcing;
using Atomic.Testing.Simulation;
using Atomic.Verification.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Atomic.Unit.EventSourcing.Simulation;

/// <summary>
/// One random life of a projection: commands, a bus that reorders and repeats, readers with tokens, instances that are killed, and rebuilds
/// with switches to and fro, all at once.
/// </summary>
internal sealed class Interleaving : IEventPublisher
{
    private const int Commands = 8;
    private static readonly string[] Streams = ["a", "b", "c"];

    private readonly SeededScheduler _scheduler;
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryEventStore _events;
    private readonly InMemoryReadModels _rows = new();
    private readonly InMemoryProjectionStates _states;
    private readonly Instance[] _instances;
    private readonly List<Heard> _bus = [];
    private int _busy;

    public Interleaving(int seed)
    {
        _scheduler = new SeededScheduler(seed);
        _events = new InMemoryEventStore(_time);
        _states = new InMemoryProjectionStates(_rows);
        Func<Stores, IReadModel> model = (seed % 3) switch
        {
            0 => stores => new RowPerStream(stores),
            1 => stores => new Folders<TallySheet>(stores),
            _ => stores => new Folders<TallyLedger>(stores),
        };
        _instances = [.. Enumerable.Range(0, 2).Select(_ => new Instance(_events, _rows, _states, this, _time, model))];
    }

    public int StaleReads { get; private set; }

    public int TokenReads { get; private set; }

    public int Kills { get; private set; }

    private Random Random => _scheduler.Random;

    private Instance Any => _instances[Random.Next(_instances.Length)];

    public void Run() => _scheduler.Run(() => Task.WhenAll(
        BusyAsync(WriteAsync), BusyAsync(WriteAsync), BusyAsync(RebuildAsync), DeliverAsync(), DeliverAsync(), PassTimeAsync()));

    /// <summary>The rows that differ from a fresh fold of their streams, in any version that takes live events.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var state = await _states.LoadAsync(_instances[0].Model.Name, default);
        var expected = _instances[0].Model.Fold(Streams.SelectMany(id => _events.CommitsOf(new StreamId(Tally.Category, id)).SelectMany(commit => commit.Events)));
        return [.. from version in state.Fed
                   let rows = _rows.Stored(state.TableOf(version.Number))
                   from key in rows.Keys.Union(expected.Keys)
                   where rows.GetValueOrDefault(key) != expected.GetValueOrDefault(key)
                   select $"{version}: {key} is {rows.GetValueOrDefault(key)} and should be {expected.GetValueOrDefault(key)}"];
    }

    public async Task PublishAsync(Commit commit, CancellationToken cancellation)
    {
        await Task.Yield();
        _bus.AddRange(commit.Events.Select(e => Random.Next(8) == 0 ? new Heard(e.Position, e.At, null) : Heard.Of(e)));
    }

    private async Task BusyAsync(Func<Task> work)
    {
        _busy++;
        await work();
        _busy--;
    }

    private async Task WriteAsync()
    {
        for (var i = 0; i < Commands / 2; i++)
        {
            var (id, command, events) = (Streams[Random.Next(Streams.Length)], $"{Random.Next()}", Random.Next(1, 4));
            // Redelivered until it is answered, as an unsettled message is.
            Answer? answer = null;
            while (answer is null)
            {
                answer = await KillableAsync(instance => instance.Commands.DoAsync<Tally>(
                    id, new Invocation(command, new EventContext("t", command)), _ => [.. Enumerable.Range(1, events).Select(n => new Counted(n))], false, default));
            }

            await ReadAsync(StreamPosition.TryParse(answer.Tokens[0], out var token) ? token : throw new FormatException(answer.Tokens[0]));
        }
    }

    private async Task ReadAsync(StreamPosition token)
    {
        for (var pause = Random.Next(10); pause > 0; pause--) await Task.Yield();
        var list = Random.Next(3) == 0;
        object? shows = null;
        while (shows is null) shows = await KillableAsync(instance => instance.Model.ShowsAsync(token, list));
        TokenReads++;
        if (shows is false) StaleReads++;
    }

    private async Task DeliverAsync()
    {
        while (_busy > 0 || _bus.Count > 0)
        {
            await Task.Yield();
            if (_bus.Count == 0) continue;
            var batch = Enumerable.Range(0, Random.Next(1, 5)).TakeWhile(_ => _bus.Count > 0).Select(_ => Take()).ToList();
            var projected = await KillableAsync(instance => instance.Model.ProjectAsync(batch));
            if (projected is null) _bus.AddRange(batch);
            else _bus.AddRange(projected.Where(each => each.Failure is not null).Select(each => each.Heard));
        }
    }

    // In any order, and now and then one that will come again.
    private Heard Take()
    {
        var chosen = Random.Next(_bus.Count);
        var heard = _bus[chosen];
        if (Random.Next(4) > 0) _bus.RemoveAt(chosen);
        return heard with { };
    }

    private async Task RebuildAsync()
    {
        for (var rebuilds = Random.Next(1, 3); rebuilds > 0; rebuilds--)
        {
            for (var pause = Random.Next(60); pause > 0; pause--) await Task.Yield();
            var state = await ChangeAsync(state => state.Rebuild(_time.GetUtcNow()));
            await WaitAsync(ProjectionDirectory.Settled);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(part => RangesAsync(state, part * IStreamScan.Ranges / 4)));
            await ChangeAsync(state => state.Complete(state.Other!.Number, _time.GetUtcNow()));
            for (var switches = Random.Next(3); switches > 0; switches--) await ChangeAsync(state => state.Switch(_time.GetUtcNow()));
        }
    }

    private async Task RangesAsync(ProjectionState state, int from)
    {
        while (await KillableAsync(instance => instance.Model.RebuildAsync(state, from, from + (IStreamScan.Ranges / 4))) is null)
        {
        }
    }

    private async Task<ProjectionState> ChangeAsync(Func<ProjectionState, ProjectionState?> change)
    {
        while (true)
        {
            var changed = change(await _states.LoadAsync(_instances[0].Model.Name, default))!;
            await Task.Yield();
            if (await _states.WriteAsync(changed, default)) return changed;
        }
    }

    private async Task<T?> KillableAsync<T>(Func<Instance, Task<T>> work) where T : class
    {
        var (instance, kill) = (Any, Random.Next(10) == 0);
        var answer = await instance.RunAsync(() => work(instance), kill, Random);
        if (answer is null) Kills++;
        return answer;
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        for (var until = _time.GetUtcNow() + wait; _time.GetUtcNow() < until;) await Task.Yield();
    }

    private async Task PassTimeAsync()
    {
        while (_busy > 0)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(Random.Next(800)));
        }
    }
}
