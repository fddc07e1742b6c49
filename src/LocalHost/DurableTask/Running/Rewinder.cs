using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// Lets an instance that has failed go on from before its failure: the failed calls that it had no answer to are taken out of its
/// history and made again, failed sub-orchestrations are rewound in their turn, and its last step, in which it failed, is taken anew.
/// </summary>
internal sealed class Rewinder(TaskHub hub, OrchestratorCode code, Obligations obligations, TimerQueue timers, ILogger log)
{
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">It has not failed, or its code no longer comes to where it was.</exception>
    public async Task RewindAsync(string id, CancellationToken cancellation)
    {
        while (TryReserve(id) is { } busy) await busy.WaitAsync(cancellation);
        var plan = new Plan(id);
        try
        {
            var stored = hub.Reader.Find(id) ?? throw new ArgumentException($"There is no instance '{id}'.", nameof(id));
            if (stored.State.Status != OrchestrationRuntimeStatus.Failed) throw NotFailed(id, stored.State.Status);
            Add(plan, stored);
        }
        catch
        {
            lock (hub.Gate) plan.Claimed.ForEach(hub.Release);
            throw;
        }

        foreach (var (draft, call) in plan.Owed) obligations.Owe(draft, call, [], timers.Now);
        await hub.WriteAsync([.. plan.Drafts.SelectMany(draft => draft.Writes)], () => Apply(plan.Drafts));
        Logs.Rewound(log, id);
    }

    private Task? TryReserve(string id)
    {
        lock (hub.Gate)
        {
            hub.ThrowIfStopping();
            if (hub.TryFind(id, out var live)) throw NotFailed(id, live.State.Status);
            return hub.TryClaim(id, out var busy) ? null : busy;
        }
    }

    private void Apply(List<StepDraft> drafts)
    {
        lock (hub.Gate)
        {
            foreach (var draft in drafts) draft.Apply();
            foreach (var draft in drafts) hub.Wake(draft.Instance);
        }
    }

    private void Add(Plan plan, StoredInstance stored)
    {
        var state = new InstanceState(OrchestrationRuntimeStatus.Running, timers.Now, stored.State.CustomStatus);
        var instance = new Instance(stored.Row, state) { MayStart = true };
        var past = Past.Clean(hub.Reader.Steps(instance.Key), Execute(instance));
        var execution = Execute(instance);
        foreach (var step in past.Steps) execution.Replay(step);

        var draft = new StepDraft(instance);
        plan.Drafts.Add(draft);
        draft.Then(() => hub.Add(instance));
        draft.Write(Write.DropSteps(instance.Key));
        foreach (var step in past.Steps) draft.Record(step, instance.Position++);
        draft.Set(state);
        foreach (var e in past.Again) Bring(draft, e);
        foreach (var call in execution.Open.Where(call => !past.Answers(call))) Call(plan, draft, call);
        instance.Nudged = past.Again.Count == 0 && execution.Open.Count == 0;
    }

    private void Call(Plan plan, StepDraft draft, Decision call)
    {
        var child = call is StartChild started ? hub.Reader.Find(started.InstanceId) : null;
        var isMine = child?.Row.Parent is { } link && link.Key == draft.Instance.Key && link.Task == call.Id;
        switch (isMine ? child!.State.Status : OrchestrationRuntimeStatus.Terminated)
        {
            case OrchestrationRuntimeStatus.Completed:
                Bring(draft, new TaskSucceeded(call.Id, child!.State.Output));
                break;
            case OrchestrationRuntimeStatus.Failed:
                Claim(plan, child!.Row.Id);
                Add(plan, child);
                break;
            case OrchestrationRuntimeStatus.Terminated:
                plan.Owed.Add((draft, call));
                break;
        }
    }

    private void Bring(StepDraft draft, InstanceEvent e)
    {
        var (message, write) = hub.Keep(draft.Instance, e);
        draft.Write(write);
        draft.Then(() => draft.Instance.Inbox.Add(message));
    }

    private void Claim(Plan plan, string id)
    {
        lock (hub.Gate)
        {
            if (!hub.TryClaim(id, out _)) throw new InvalidOperationException($"Instance '{id}' is being changed by another call.");
        }

        plan.Claimed.Add(id);
    }

    private Execution Execute(Instance instance) => code.Find(instance, hub.Stray)
        ?? throw new InvalidOperationException($"There is no orchestrator '{instance.Row.Name}' to rewind instance '{instance.Id}' with.");

    private static InvalidOperationException NotFailed(string id, OrchestrationRuntimeStatus status) =>
        new($"Instance '{id}' is {status}; only a failed one can be rewound.");

    private sealed class Plan(string id)
    {
        public List<string> Claimed { get; } = [id];

        public List<StepDraft> Drafts { get; } = [];

        public List<(StepDraft Draft, Decision Call)> Owed { get; } = [];
    }
}
