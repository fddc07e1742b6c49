using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>
/// Events from outside, by name. One that nobody waits for is kept, first in first out; of several waiters the newest is served, so that
/// a loop may abandon its older ones, as in Microsoft's SDK.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter, OrchestratorScheduler scheduler)
{
    private readonly Dictionary<string, Stack<Waiter>> _waiters = new(Names.Comparer);
    private readonly List<EventRaised> _kept = [];

    public bool AnyWaiter => _waiters.Values.Any(waiters => waiters.Any(waiter => !waiter.IsOver));

    /// <summary>What came and was not waited for, in the order of arrival.</summary>
    public IReadOnlyList<EventRaised> Kept => _kept;

    /// <exception cref="ArgumentException">The name is being waited for as another type.</exception>
    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<T>(cancellation);
        var waiters = WaitersOf(name);
        if (waiters.TryPeek(out var other) && other.Type != typeof(T))
            throw new ArgumentException($"Event '{name}' is waited for as {other.Type} already, and cannot be as {typeof(T)}.", nameof(name));

        var waiter = new Waiter<T>();
        if (_kept.FindIndex(kept => Names.AreSame(kept.Name, name)) is >= 0 and var first)
        {
            waiter.Receive(_kept[first].Payload, converter);
            _kept.RemoveAt(first);
            return waiter.Task;
        }

        waiters.Push(waiter);
        waiter.Registration = scheduler.OnCancelled(() => waiter.Cancel(cancellation), cancellation);
        return waiter.Task;
    }

    public void Raise(EventRaised raised)
    {
        var waiters = WaitersOf(raised.Name);
        if (waiters.TryPop(out var waiter)) waiter.Receive(raised.Payload, converter);
        else _kept.Add(raised);
    }

    // A wait that was cancelled takes no event: the event is for whoever waits next.
    private Stack<Waiter> WaitersOf(string name)
    {
        if (!_waiters.TryGetValue(name, out var waiters)) _waiters[name] = waiters = new Stack<Waiter>();
        while (waiters.TryPeek(out var newest) && newest.IsOver) waiters.Pop();
        return waiters;
    }

    private abstract class Waiter
    {
        public abstract Type Type { get; }

        public abstract bool IsOver { get; }

        public CancellationTokenRegistration Registration { get; set; }

        public abstract void Receive(string? payload, DataConverter converter);
    }

    private sealed class Waiter<T> : Waiter
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override Type Type => typeof(T);

        public override bool IsOver => _source.Task.IsCompleted;

        public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);

        public override void Receive(string? payload, DataConverter converter)
        {
            Registration.Dispose();
            try
            {
                _source.TrySetResult(converter.Deserialize<T>(payload)!);
            }
            catch (Exception e)
            {
                // Whoever waits for it is told; the engine has no part in what the payload means.
                _source.TrySetException(e);
            }
        }
    }
}
