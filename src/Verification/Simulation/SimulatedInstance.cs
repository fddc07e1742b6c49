using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Verification.Simulation;

/// <summary>One orchestration of the simulated engine.</summary>
public sealed class SimulatedInstance
{
    private readonly SimulatedEngine _engine;
    private readonly Scheduler _scheduler;
    private readonly List<HistoryCall> _calls = [];
    private readonly Dictionary<int, IDisposable> _timers = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly DateTime _created;
    private SimulatedOrchestrationContext _context;
    private Task<object?>? _running;
    private bool _isForgotten;

    internal SimulatedInstance(SimulatedEngine engine, Scheduler scheduler, string orchestrator, string id, string input)
    {
        (_engine, _scheduler, Orchestrator, Id, Input) = (engine, scheduler, orchestrator, id, input);
        _created = Now;
        _context = NewContext();
    }

    public string Orchestrator { get; }

    public string Id { get; }

    public string Input { get; }

    public bool HasEnded => _running is { IsCompleted: true };

    public int Activities => _calls.Count(call => call.Kind == "activity");

    public int Timers => _calls.Count(call => call.Kind == "timer");

    public OrchestrationHistory History => new(Id, Orchestrator, Input, _events, _calls, _context.Status);

    internal DateTime Now => _scheduler.Time.GetUtcNow().UtcDateTime;

    public OrchestrationMetadata Describe() => new(Orchestrator, Id)
    {
        DataConverter = SimulatedOrchestrationContext.Converter,
        CreatedAt = _created,
        LastUpdatedAt = _events.Count == 0 ? _created : _events[^1].At,
        RuntimeStatus = _running switch
        {
            null => OrchestrationRuntimeStatus.Pending,
            { IsFaulted: true } => OrchestrationRuntimeStatus.Failed,
            { IsCompleted: true } => OrchestrationRuntimeStatus.Completed,
            _ => OrchestrationRuntimeStatus.Running,
        },
        SerializedInput = Input,
        SerializedCustomStatus = _context.Status,
        SerializedOutput = _running is { IsCompletedSuccessfully: true } ? SimulatedOrchestrationContext.Converter.Serialize(_running.Result) : null,
        FailureDetails = _running?.Exception is { } failure ? TaskFailureDetails.FromException(failure.GetBaseException()) : null,
    };

    /// <summary>Its orchestrator is out of memory; what it called for and what reached it stay.</summary>
    internal void Forget() => _isForgotten = !HasEnded && _events.Count > 0;

    internal void Fail(string reason) => _running = Task.FromException<object?>(new InvalidOperationException(reason));

    internal Task TakeAsync(HistoryEvent e)
    {
        if (HasEnded) return Task.CompletedTask;
        if (_isForgotten) Replay();
        _events.Add(e);
        Apply(e);
        return Task.CompletedTask;
    }

    private void Replay()
    {
        _isForgotten = false;
        _context = NewContext();
        foreach (var e in _events)
        {
            Apply(e);
            _scheduler.Drain();
        }

        if (_context.Calls.Count != _calls.Count) throw new InvalidOperationException($"Replayed, {Id} makes {_context.Calls.Count} calls instead of {_calls.Count}.");
    }

    private void Apply(HistoryEvent e)
    {
        _context.Apply(e);
        if (e.Kind == "started") _running = _engine.Orchestrate(Orchestrator, _context);
    }

    private SimulatedOrchestrationContext NewContext() =>
        new(Orchestrator, Id, Input) { OnCall = Call, OnCancelled = number => _timers[number].Dispose() };

    private void Call(HistoryCall call, DateTime now)
    {
        if (call.Number < _calls.Count)
        {
            if (call != _calls[call.Number]) throw new InvalidOperationException($"Replayed, {Id} calls for {call} instead of {_calls[call.Number]}.");
            return;
        }

        _calls.Add(call);
        if (call.Kind == "activity")
        {
            _engine.Begin(this, call);
            return;
        }

        var due = DateTime.Parse(call.Name, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        _timers[call.Number] = _scheduler.At(due, $"timer {call.Number}", () => TakeAsync(new HistoryEvent(Now, "fired", call.Number)));
    }
}
