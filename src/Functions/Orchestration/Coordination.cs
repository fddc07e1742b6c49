using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>What the work on one transaction's steps shares: the run, the waits, and how its participants are reached.</summary>
internal sealed class Coordination(TaskOrchestrationContext context, TransactionRun run, Replies replies) : IDisposable
{
    private readonly TaskCompletionSource _failed = new();
    private readonly TaskCompletionSource _pivotRefused = new();
    private readonly Dictionary<string, TaskCompletionSource<TransactionOrder>> _parked = [];

    public TransactionRun Run { get; } = run;

    public string Transaction { get; } = context.InstanceId;

    public Alarms Alarms { get; } = new(context, () => run.Use(new Usage(Timers: 1)));

    public Replies Replies { get; } = replies;

    public required IStepCalls Calls { get; init; }

    /// <summary>W3C trace context of the transaction's start.</summary>
    public required string? TraceParent { get; init; }

    /// <summary>Silent while the orchestrator is replayed.</summary>
    public ILogger Log { get; } = context.CreateReplaySafeLogger<TransactionOrchestrator>();

    public DateTime Now => context.CurrentUtcDateTime;

    /// <summary>Why the pivot is asked to refuse.</summary>
    public string RefusalReason { get; private set; } = "";

    /// <summary>Completes once no further try of the step is wanted; null when it must succeed.</summary>
    public Task? StopOf(StepDefinition step) => Run.Definition.KindOf(step.Name) switch
    {
        StepKind.ForwardOnly => null,
        StepKind.Pivot => _pivotRefused.Task,
        _ when Run.AsksFirst && Run.Definition.Closing.Contains(step) => Task.WhenAny(_pivotRefused.Task, _failed.Task),
        _ => _failed.Task,
    };

    /// <summary>Tells the tracker how the transaction stands, while the work goes on.</summary>
    public Action RecordMeanwhile { get; init; } = () => { };

    /// <summary>Asks a step's participant whether it is done, and has it refused if not; null in runs of an earlier version of this code, which ask nobody.</summary>
    public Action<StepDefinition, string>? Settle { get; set; }

    public void Show() => context.SetCustomStatus(Run.Status());

    /// <summary>
    /// A cancel or a deadline. While the pivot is under way, or may be from an earlier run, its participant is the arbiter, and so the work on it
    /// is stopped to ask.
    /// </summary>
    public void RefusePivot(string reason)
    {
        if (Run.StateOf(Run.Definition.Pivot) == StepState.Succeeded) return;
        foreach (var step in Settle is null ? [] : Run.TakeToSettle(Now)) Settle!(step, reason);
        if (Run.TryRefusePivot(reason, Now))
        {
            TellFailure();
            return;
        }

        RefusalReason = reason;
        _pivotRefused.TrySetResult();
    }

    /// <summary>Why a step is tried no more that is not known to be done.</summary>
    /// <param name="last">How its last try went.</param>
    public string? WhyStopped(string? last) => Run.AnyFailed ? last : RefusalReason;

    /// <summary>Lets the steps know that the transaction has failed, as soon as it has.</summary>
    public void TellFailure()
    {
        if (Run.AnyFailed) _failed.TrySetResult();
    }

    /// <summary>The next order about a parked step.</summary>
    public Task<TransactionOrder> ParkedAsync(string step)
    {
        _parked[step] = new TaskCompletionSource<TransactionOrder>();
        return _parked[step].Task;
    }

    public void Take(TransactionOrder order)
    {
        if (order.Kind == OrderKind.Cancel) RefusePivot(order.Reason);
        else if (order.Step is { } step && _parked.Remove(step, out var waiting)) waiting.TrySetResult(order);
    }

    public void Dispose() => Alarms.Dispose();
}
