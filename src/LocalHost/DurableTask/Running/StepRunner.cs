using System.Diagnostics.CodeAnalysis;
using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// Runs orchestrators, step by step: takes what has reached an instance, lets its orchestrator go on, and commits what it took and what
/// it called for together. The next step of an instance waits for that commit; others go on.
/// </summary>
internal sealed class StepRunner(
    TaskHub hub,
    OrchestratorCode code,
    Obligations obligations,
    OrderBook orders,
    VersionRule versions,
    WarmExecutions warm,
    TimerQueue timers,
    int most,
    Action<Exception> onBroken,
    ILogger log)
{
    private readonly Queue<Instance> _ready = new();
    private TaskCompletionSource? _drained;
    private int _workers;

    public StepCounters Counters { get; } = new();

    public bool IsIdle => _workers == 0;

    /// <summary>Ends when no step is running. Called under the gate, when no new ones are begun any more.</summary>
    public Task DrainAsync()
    {
        if (_workers == 0) return Task.CompletedTask;
        _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _drained.Task;
    }

    /// <summary>Called under the gate.</summary>
    public void Enqueue(Instance instance)
    {
        _ready.Enqueue(instance);
        if (_workers == most) return;
        _workers++;
        ThreadPool.UnsafeQueueUserWorkItem(static runner => runner.Work(), this, preferLocal: true);
    }

    private void Work()
    {
        while (TryTake(out var instance))
        {
            try
            {
                Run(instance);
            }
            catch (Exception e)
            {
                // The file could not be read, or the engine is wrong: memory and file may no longer agree, and only a new start brings them together.
                if (!hub.IsStopping) onBroken(new InvalidOperationException($"The durable engine stopped, since a step of '{instance.Id}' broke: {e.Message}", e));
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out Instance? instance)
    {
        lock (hub.Gate)
        {
            if (!hub.IsStopping && _ready.TryDequeue(out instance))
            {
                (instance.Queued, instance.Busy) = (false, true);
                return true;
            }

            instance = null;
            if (--_workers == 0) _drained?.TrySetResult();
            return false;
        }
    }

    private void Run(Instance instance)
    {
        var draft = new StepDraft(instance);
        List<Message> given;
        lock (hub.Gate) given = instance.TakeOrders();
        if (given.Count > 0) orders.CarryOut(draft, given);
        else if (versions.Accepts(instance.Row.Version)) TakeStep(draft);
        else if (!Refuse(draft)) return;

        hub.WriteAsync(draft.Writes, () =>
        {
            lock (hub.Gate)
            {
                draft.Apply();
                instance.Busy = false;
                if (instance.IsSuspended) KeepWhatWaits(instance);
                if (instance.State.HasEnded) warm.Forget(instance);
                else warm.Used(instance);
                hub.Wake(instance);
                Counters.Committed();
            }
        });
    }

    // An activity's result that came while the order to suspend was carried out: no step takes it for as long as the instance rests.
    private void KeepWhatWaits(Instance instance)
    {
        foreach (var message in instance.TakeUnkept()) _ = hub.SendAsync(instance, message.Event, message.Consumed);
    }

    /// <returns>False when the instance is left for another host.</returns>
    private bool Refuse(StepDraft draft)
    {
        var instance = draft.Instance;
        if (versions.Failure(instance.Row.Version) is { } failure)
        {
            var at = timers.Now > instance.State.Updated ? timers.Now : instance.State.Updated;
            obligations.End(draft, instance.State with { Status = OrchestrationRuntimeStatus.Failed, Updated = at, Failure = failure });
            return true;
        }

        Logs.VersionRefused(log, instance.Id, instance.Row.Version, versions.Current);
        lock (hub.Gate) (instance.Refused, instance.Busy) = (true, false);
        return false;
    }

    private void TakeStep(StepDraft draft)
    {
        var instance = draft.Instance;
        List<Message> inbox;
        lock (hub.Gate) inbox = instance.TakeInbox();
        List<InstanceEvent> events = [.. inbox.Select(message => message.Event)];
        if (instance.Position == 0) events.Insert(0, new Started());
        var at = inbox.Select(message => message.NotBefore).Append(timers.Now).Append(instance.State.Updated).Max();

        draft.Consume(inbox);
        var (decisions, ending, status) = GoOn(draft, at, events);
        draft.Record(new Step(at, events, decisions));
        switch (ending)
        {
            case null:
                draft.Set(new InstanceState(OrchestrationRuntimeStatus.Running, at, status));
                break;
            case Ending.Completed completed:
                Logs.Completed(log, instance.Id);
                obligations.End(draft, new InstanceState(OrchestrationRuntimeStatus.Completed, at, status, completed.Output));
                break;
            case Ending.Failed failed:
                Logs.Failed(log, instance.Id, failed.Failure.Type);
                obligations.End(draft, new InstanceState(OrchestrationRuntimeStatus.Failed, at, status, Failure: failed.Failure));
                break;
            case Ending.ContinuedAsNew next:
                ContinueAsNew(draft, next, new InstanceState(OrchestrationRuntimeStatus.Running, at, status));
                break;
        }
    }

    private (IReadOnlyList<Decision> Decisions, Ending? Ending, string? Status) GoOn(
        StepDraft draft, DateTime at, List<InstanceEvent> events)
    {
        var instance = draft.Instance;
        if (Revive(instance) is { } failure) return ([], new Ending.Failed(failure), instance.State.CustomStatus);

        var execution = instance.Execution!;
        var decisions = execution.Take(at, events);
        Counters.Took(events.Count);
        var cancelled = execution.TakeCancelled();
        foreach (var decision in decisions) obligations.Owe(draft, decision, cancelled, at);
        foreach (var timer in cancelled) obligations.Cancel(draft, timer);
        try
        {
            return (decisions, execution.End(), execution.Status());
        }
        catch (Exception e)
        {
            return (decisions, new Ending.Failed(Failure.Of(e)), instance.State.CustomStatus);
        }
    }

    /// <returns>Why its orchestrator cannot be brought to where it was.</returns>
    private Failure? Revive(Instance instance)
    {
        if (instance.Execution is not null) return null;
        if (code.Find(instance, hub.Stray) is not { } execution) return Failure.MissingOrchestrator(instance.Row.Name);
        try
        {
            foreach (var step in instance.Position == 0 ? [] : hub.Reader.Steps(instance.Key))
            {
                execution.Replay(step);
                Counters.Replayed(step.Events.Count);
            }
        }
        catch (NonDeterministicOrchestrationException e)
        {
            Logs.NonDeterministic(log, instance.Id, e.Message);
            return Failure.Of(e);
        }

        instance.Execution = execution;
        return null;
    }

    private void ContinueAsNew(StepDraft draft, Ending.ContinuedAsNew next, InstanceState state)
    {
        var instance = draft.Instance;
        var row = instance.Row with { Input = next.Input, Version = next.Version ?? instance.Row.Version };
        var kept = next.Kept.Select(e => hub.Keep(instance, e)).ToList();
        draft.Write(Write.DropSteps(instance.Key));
        draft.Write(Write.ContinueInstance(row));
        draft.Write(kept.Select(message => message.Write));
        draft.Set(state);
        draft.Then(() => instance.ContinueAs(row, kept.Select(message => message.Message)));
    }
}
