namespace Atomic.Verification.Simulation;

/// <summary>
/// Runs everything of a simulated app on one thread and in virtual time: what could happen next is a list, and one choice after the other
/// picks from it. The same choices give the same run. Whatever happens takes a millisecond; when nothing can happen, time passes until
/// something can.
/// </summary>
public sealed class Scheduler : SynchronizationContext
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly List<Event> _events = [];
    private readonly Func<int, int> _choose;
    private readonly List<string> _trace = [];
    private Exception? _failure;

    /// <param name="choose">Of so many events that can happen now, which one does; by default the one that is waiting longest.</param>
    public Scheduler(Func<int, int>? choose = null) => (_choose, Time) = (choose ?? (_ => 0), new VirtualTime(this));

    /// <summary>The clock: it stands still while anything can happen.</summary>
    public VirtualTime Time { get; }

    /// <summary>What has happened, in order.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>How many events have been scheduled, whether they have happened or not.</summary>
    public long Scheduled { get; private set; }

    /// <summary>After so many events it is taken never to end.</summary>
    public int MostSteps { get; init; } = 200_000;

    /// <summary>What happens before anything else that can.</summary>
    public Func<string, bool>? Prefers { get; set; }

    /// <summary>Chooses by a generator with this seed.</summary>
    public static Scheduler Seeded(int seed) => new(ChoiceOf(seed));

    /// <summary>Choices by a generator with this seed.</summary>
    public static Func<int, int> ChoiceOf(int seed)
    {
        // Not for secrets: a seed repeats the run.
#pragma warning disable CA5394
        var random = new Random(seed);
        return random.Next;
#pragma warning restore CA5394
    }

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>A point at which other things may happen first.</summary>
    public Task PassAsync(string name)
    {
        var passed = new TaskCompletionSource();
        Soon(name, () =>
        {
            passed.SetResult();
            return Task.CompletedTask;
        });
        return passed.Task;
    }

    /// <summary>Something that can happen from now on.</summary>
    public void Soon(string name, Func<Task> work) => At(Time.GetUtcNow(), name, work);

    /// <summary>Something that can happen from then on; it does not when what is returned is disposed before.</summary>
    public IDisposable At(DateTimeOffset due, string name, Func<Task> work)
    {
        var e = new Event(this, due, name, work);
        _events.Add(e);
        Scheduled++;
        return e;
    }

    /// <summary>Nothing happens for so long: the process is starved, or its machine stands still.</summary>
    public void StandStill(TimeSpan howLong) => Time.Now += howLong;

    /// <summary>Runs until nothing can happen within <paramref name="limit"/> of virtual time, or until <paramref name="enough"/>.</summary>
    public void RunFor(TimeSpan limit, Func<bool>? enough = null)
    {
        var end = Time.GetUtcNow() + limit;
        Within(() =>
        {
            while (enough?.Invoke() != true && Step(end))
            {
                if (_trace.Count > MostSteps) throw new InvalidOperationException($"It does not end:\n{string.Join('\n', _trace.TakeLast(60))}");
            }
        });
    }

    /// <summary>Runs until <paramref name="work"/> has ended, with all else that happens meanwhile.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var running = default(Task<T>)!;
        Within(() =>
        {
            running = work();
            Drain();
            while (!running.IsCompleted && Step(DateTimeOffset.MaxValue))
            {
            }
        });
        return running.IsCompleted ? running.GetAwaiter().GetResult() : throw new InvalidOperationException("It waits for something that will not happen.");
    }

    private void Within(Action work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            work();
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        if (_failure is { } failure) throw new InvalidOperationException($"The simulated app failed: {failure.Message}", failure);
    }

    private bool Step(DateTimeOffset end)
    {
        Drain();
        if (_failure is not null || _events.Count == 0) return false;
        var now = Time.GetUtcNow();
        var first = _events[0].Due;
        foreach (var e in _events)
            if (e.Due < first) first = e.Due;
        if (first > end) return false;
        if (first > now) now = first;

        var next = Next(now);
        _events.Remove(next);
        _trace.Add(next.Name);
        Time.Now = now + Moment;
        _ = RunAsync(next);
        Drain();
        return true;
    }

    /// <summary>One of the events that are possible by then. They are kept in the order in which they came about.</summary>
    private Event Next(DateTimeOffset now)
    {
        if (Prefers is { } prefers && _events.Find(e => e.Due <= now && prefers(e.Name)) is { } preferred) return preferred;
        var count = 0;
        foreach (var e in _events)
            if (e.Due <= now) count++;
        var chosen = _choose(count);
        foreach (var e in _events)
            if (e.Due <= now && chosen-- == 0) return e;
        throw new InvalidOperationException($"Of {count} events another one was chosen.");
    }

    private async Task RunAsync(Event e)
    {
        try
        {
            await e.Work();
        }
        catch (Exception failure)
        {
            _failure ??= failure;
        }
    }

    /// <summary>Lets everything go on that needs no event for it.</summary>
    internal void Drain()
    {
        while (_ready.TryDequeue(out var next)) next.Callback(next.State);
    }

    private sealed class Event(Scheduler owner, DateTimeOffset due, string name, Func<Task> work) : IDisposable
    {
        public DateTimeOffset Due { get; } = due;

        public string Name { get; } = name;

        public Func<Task> Work { get; } = work;

        public void Dispose() => owner._events.Remove(this);
    }
}
