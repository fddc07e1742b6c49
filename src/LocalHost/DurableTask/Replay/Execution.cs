using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>
/// One execution of an orchestrator in memory: its code as far as it has come. It is driven by the events that reach it, the recorded
/// ones at a replay and the new ones after that; as long as it is kept, nothing has to be replayed.
/// </summary>
internal sealed class Execution
{
    private readonly OrchestrationIdentity _identity;
    private readonly Func<TaskOrchestrationContext, Task<object?>> _code;
    private readonly OrchestratorScheduler _scheduler;
    private readonly Action _onStrayed;
    private readonly EmbeddedOrchestrationContext _context;
    private Task<object?>? _running;
    private volatile bool _strayed;

    /// <param name="onStrayed">Told, on any thread, when the orchestrator is continued by something that its context did not give.</param>
    public Execution(
        OrchestrationIdentity identity, Func<TaskOrchestrationContext, Task<object?>> code, ILoggerFactory logs, Action onStrayed)
    {
        _identity = identity;
        _code = code;
        _onStrayed = onStrayed;
        _scheduler = new OrchestratorScheduler(Stray);
        _context = new EmbeddedOrchestrationContext(identity, _scheduler, logs);
    }

    /// <summary>The time that the orchestrator was told last.</summary>
    public DateTime Now => _context.CurrentUtcDateTime;

    /// <summary>The calls that it waits for.</summary>
    public IReadOnlyCollection<Decision> Open => _context.Open.Decisions;

    /// <summary>Gives the orchestrator what has reached it.</summary>
    /// <returns>What it calls for.</returns>
    public IReadOnlyList<Decision> Take(DateTime at, IReadOnlyList<InstanceEvent> events, bool replaying = false)
    {
        _context.Begin(at, replaying);
        foreach (var e in events) _scheduler.Run(() => Apply(e));
        return _context.TakeDecisions();
    }

    /// <summary>The timers that it has cancelled since they were asked for last.</summary>
    public IReadOnlyList<int> TakeCancelled() => _context.TakeCancelled();

    /// <exception cref="NonDeterministicOrchestrationException">It calls for something else than it did.</exception>
    public void Replay(Step step)
    {
        var found = Take(step.At, step.Events, replaying: true);
        Compare(step.Decisions, found);
    }

    /// <exception cref="NonDeterministicOrchestrationException">They differ.</exception>
    public void Compare(IReadOnlyList<Decision> expected, IReadOnlyList<Decision> found)
    {
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            var (then, now) = (expected.ElementAtOrDefault(i), found.ElementAtOrDefault(i));
            if (then is null || now is null || !then.IsSameCall(now))
                throw new NonDeterministicOrchestrationException(_identity.Name, _identity.InstanceId, then, now);
        }
    }

    /// <returns>Null while it goes on. It goes on, too, when its code has returned and a call is still open.</returns>
    /// <exception cref="InvalidOperationException">The custom status is too large.</exception>
    public Ending? End()
    {
        if (_strayed || IsStuck) return new Ending.Failed(Failure.Of(Strayed()));
        if (_running is not { IsCompleted: true } || _context.Open.Any) return null;
        try
        {
            var result = _running.GetAwaiter().GetResult();
            return _context.Successor is { } next
                ? new Ending.ContinuedAsNew(next.Input, next.Version, next.KeepsEvents ? _context.Events.Kept : [])
                : new Ending.Completed(EmbeddedOrchestrationContext.Converter.Serialize(result));
        }
        catch (Exception e)
        {
            return new Ending.Failed(Failure.Of(e));
        }
    }

    /// <summary>The custom status, serialized.</summary>
    public string? Status() => _context.Status();

    private void Stray()
    {
        _strayed = true;
        _onStrayed();
    }

    private bool IsStuck => _running is { IsCompleted: false } && !_context.Open.Any && !_context.Events.AnyWaiter;

    private void Apply(InstanceEvent e)
    {
        switch (e)
        {
            case Started:
                _running = BeginAsync();
                break;
            case TaskSucceeded succeeded:
                _context.Open.Succeed(succeeded.Task, succeeded.Result);
                break;
            case TaskFailed failed:
                _context.Open.Fail(failed.Task, failed.Failure);
                break;
            case TimerFired fired:
                _context.Open.Succeed(fired.Task, null);
                break;
            case EventRaised raised:
                _context.Events.Raise(raised);
                break;
            default:
                throw new InvalidOperationException($"{e} is no event for an orchestrator.");
        }
    }

    // Awaited on the scheduler, so that an end on another thread is an intrusion as well.
    private async Task<object?> BeginAsync() => await _code(_context);

    private InvalidOperationException Strayed() => new(
        $"Orchestrator '{_identity.Name}' waited for something that its context did not give (a Task.Run, a delay, I/O, "
        + "CancellationTokenSource.CancelAsync or the like). It could not be replayed; such work belongs in an activity.");
}
