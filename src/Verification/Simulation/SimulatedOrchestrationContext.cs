using System.Globalization;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atomic.Verification.Simulation;

/// <summary>
/// What an orchestrator sees of a simulated engine. Whatever it calls for is handed on, and events reach it one at a time: live ones, or
/// those of a recorded history.
/// </summary>
public sealed class SimulatedOrchestrationContext(string orchestrator, string instance, string argument) : TaskOrchestrationContext
{
    private const int LongestStatus = 16 * 1024;

    private readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    private readonly Dictionary<string, Stack<Waiter>> _waiters = [];
    private readonly Dictionary<string, Queue<string?>> _kept = [];
    private readonly List<HistoryCall> _calls = [];
    private DateTime _now;
    private int _guids;

    public static DataConverter Converter => JsonDataConverter.Default;

    /// <summary>Told of every call that the orchestrator makes.</summary>
    public Action<HistoryCall, DateTime> OnCall { get; init; } = (_, _) => { };

    public Action<int> OnCancelled { get; init; } = _ => { };

    public IReadOnlyList<HistoryCall> Calls => _calls;

    /// <summary>The custom status, serialized.</summary>
    public string? Status { get; private set; }

    public override TaskName Name => orchestrator;

    public override string InstanceId => instance;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T? GetInput<T>() where T : default => Converter.Deserialize<T>(argument);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (options?.Retry is not null) throw new NotSupportedException("The simulated engine retries nothing; the steps' policies do.");
        return Converter.Deserialize<TResult>(await CallAsync("activity", name.Name, Converter.Serialize(input)))!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = _calls.Count;
        var fired = CallAsync("timer", fireAt.ToString("o", CultureInfo.InvariantCulture), null);
        cancellationToken.Register(() =>
        {
            if (!_open.Remove(number, out var timer)) return;
            OnCancelled(number);
            timer.SetCanceled(cancellationToken);
        });
        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var waiter = new Waiter<T>();
        if (_kept.TryGetValue(eventName, out var kept) && kept.TryDequeue(out var payload))
        {
            waiter.Receive(payload);
        }
        else
        {
            if (!_waiters.TryGetValue(eventName, out var waiters)) _waiters[eventName] = waiters = [];
            waiters.Push(waiter);
            cancellationToken.Register(() => waiter.Source.TrySetCanceled(cancellationToken));
        }

        return waiter.Source.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        Status = Converter.Serialize(customStatus);
        if (Encoding.Unicode.GetByteCount(Status ?? "") > LongestStatus) throw new InvalidOperationException($"The custom status has {Status!.Length} characters.");
    }

    public override Guid NewGuid() => new(_guids++, 0, 0, new byte[8]);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException("The simulated engine has no sub-orchestrations.");

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException("The simulated engine sends no events.");

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        throw new NotSupportedException("The simulated engine continues nothing as new.");

    /// <summary>Lets an event reach the orchestrator. A result that nobody waits for any more is passed over.</summary>
    public void Apply(HistoryEvent e)
    {
        _now = e.At;
        switch (e.Kind)
        {
            case "completed" or "fired":
                if (_open.Remove(e.Call, out var done)) done.SetResult(e.Data);
                break;
            case "failed":
                var details = new TaskFailureDetails("(unknown)", e.Data ?? "", null, null, null);
                if (_open.Remove(e.Call, out var failed)) failed.SetException(new TaskFailedException(_calls[e.Call].Name, e.Call, details));
                break;
            case "raised":
                Raise(e.Name!, e.Data);
                break;
        }
    }

    private Task<string?> CallAsync(string kind, string what, string? data)
    {
        var call = new HistoryCall(_calls.Count, kind, what, data);
        _calls.Add(call);
        var result = new TaskCompletionSource<string?>();
        _open.Add(call.Number, result);
        OnCall(call, _now);
        return result.Task;
    }

    // As in Microsoft's SDK: the newest waiter is served, and what nobody waits for is kept.
    private void Raise(string eventName, string? payload)
    {
        while (_waiters.TryGetValue(eventName, out var waiters) && waiters.TryPop(out var waiter))
        {
            if (waiter.IsOver) continue;
            waiter.Receive(payload);
            return;
        }

        if (!_kept.TryGetValue(eventName, out var kept)) _kept[eventName] = kept = [];
        kept.Enqueue(payload);
    }

    private abstract class Waiter
    {
        public abstract bool IsOver { get; }

        public abstract void Receive(string? payload);
    }

    private sealed class Waiter<T> : Waiter
    {
        public TaskCompletionSource<T> Source { get; } = new();

        public override bool IsOver => Source.Task.IsCompleted;

        public override void Receive(string? payload) => Source.SetResult(Converter.Deserialize<T>(payload)!);
    }
}
