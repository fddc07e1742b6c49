using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Turns what an orchestrator has called for, and how it ended, into rows and into work.</summary>
internal sealed class Obligations(TaskHub hub, TimerQueue timers, ActivityRunner activities, string defaultVersion)
{
    public void Owe(StepDraft draft, Decision decision, IReadOnlyList<int> cancelled, DateTime at)
    {
        switch (decision)
        {
            case CallActivity call:
                OweActivity(draft, call);
                break;
            case StartTimer timer when !cancelled.Contains(timer.Id):
                OweTimer(draft, timer);
                break;
            case StartChild child:
                OweChild(draft, child, at);
                break;
            case SendEvent sent:
                OweEvent(draft, sent);
                break;
        }
    }

    public void Cancel(StepDraft draft, int timer)
    {
        var instance = draft.Instance;
        draft.Write(Write.DropTimer(instance.Key, timer));
        draft.Then(() =>
        {
            if (instance.Timers.Remove(timer, out var pending)) timers.Cancel(pending);
        });
    }

    /// <summary>Ends an instance: nothing is owed to it any more, and the one that waits for it is told.</summary>
    public void End(StepDraft draft, InstanceState state)
    {
        var instance = draft.Instance;
        draft.Write(Write.DropWork(instance.Key));
        Tell(draft, state);
        draft.Set(state);
        draft.Then(() =>
        {
            foreach (var timer in instance.Timers.Values) timers.Cancel(timer);
            instance.Timers.Clear();
            instance.Activities.Clear();
            instance.Execution = null;
            hub.Remove(instance);
        });
    }

    private void OweActivity(StepDraft draft, CallActivity call)
    {
        var instance = draft.Instance;
        var pending = new PendingActivity(instance, call.Id, call.Name, call.Input);
        draft.Write(Write.AddActivity(instance.Key, call.Id, call.Name, call.Input));
        draft.Then(() =>
        {
            instance.Activities[call.Id] = pending;
            activities.Enqueue(pending);
        });
    }

    private void OweTimer(StepDraft draft, StartTimer timer)
    {
        var instance = draft.Instance;
        var pending = new PendingTimer(instance, timer.Id, timer.Due);
        draft.Write(Write.AddTimer(instance.Key, timer.Id, timer.Due));
        draft.Then(() =>
        {
            instance.Timers[timer.Id] = pending;
            timers.Add(pending);
        });
    }

    private void OweEvent(StepDraft draft, SendEvent sent)
    {
        if (!draft.Children.TryGetValue(sent.InstanceId, out var target))
        {
            lock (hub.Gate) hub.TryFind(sent.InstanceId, out target);
        }

        if (target is not null) Send(draft, target, new EventRaised(sent.Name, sent.Payload));
    }

    private void OweChild(StepDraft draft, StartChild child, DateTime at)
    {
        var parent = draft.Instance;
        if (Claim(child.InstanceId) is { } taken)
        {
            Send(draft, parent, new TaskFailed(child.Id, Failure.Of(new OrchestrationAlreadyExistsException(child.InstanceId, taken))));
            return;
        }

        if (hub.Reader.Find(child.InstanceId) is { } ended) draft.Write(Write.DropInstance(ended.Row.Key));
        var row = new InstanceRow(
            hub.NextKey(), child.InstanceId, child.Name, child.Version ?? defaultVersion, at, null,
            new ParentLink(parent.Key, child.Id, parent.Id, parent.Row.Name), child.Input, child.Tags, parent.Row.Trace, parent.Row.TraceState);
        var started = new Instance(row, new InstanceState(OrchestrationRuntimeStatus.Pending, at)) { MayStart = true };
        draft.Children.Add(started.Id, started);
        draft.Write(Write.AddInstance(row));
        draft.Write(Write.SetState(row.Key, started.State));
        draft.Then(() =>
        {
            hub.Add(started);
            hub.Wake(started);
        });
    }

    /// <returns>The status of the instance that has the id, if one has.</returns>
    private OrchestrationRuntimeStatus? Claim(string id)
    {
        lock (hub.Gate)
        {
            if (hub.TryFind(id, out var live)) return live.State.Status;
            return hub.TryClaim(id, out _) ? null : OrchestrationRuntimeStatus.Pending;
        }
    }

    private void Tell(StepDraft draft, InstanceState state)
    {
        Instance? parent;
        lock (hub.Gate) parent = hub.ParentOf(draft.Instance);
        if (parent is null) return;
        var task = draft.Instance.Row.Parent!.Task;
        Send(draft, parent, state.Status switch
        {
            OrchestrationRuntimeStatus.Completed => new TaskSucceeded(task, state.Output),
            OrchestrationRuntimeStatus.Failed => new TaskFailed(task, state.Failure!),
            _ => new TaskFailed(task, Failure.Terminated(draft.Instance.Id)),
        });
    }

    private void Send(StepDraft draft, Instance target, InstanceEvent e)
    {
        var (message, write) = hub.Keep(target, e);
        draft.Write(write);
        draft.Then(() => hub.Deliver(target, message));
    }
}
