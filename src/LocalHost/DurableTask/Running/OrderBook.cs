using Atomic.LocalHost.DurableTask.History;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Carries out orders to suspend, resume and terminate. An orchestrator has no part in them and does not see them.</summary>
internal sealed class OrderBook(TaskHub hub, Obligations obligations, TimerQueue timers)
{
    public void CarryOut(StepDraft draft, IReadOnlyList<Message> orders)
    {
        var instance = draft.Instance;
        draft.Consume(orders);
        if (orders.Select(order => order.Event).OfType<Terminate>().FirstOrDefault() is { } terminate)
        {
            Terminate(draft, terminate);
            return;
        }

        var running = instance.Position == 0 ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running;
        var status = orders[^1].Event is Suspend ? OrchestrationRuntimeStatus.Suspended : running;
        draft.Set(instance.State with { Status = status, Updated = Later(instance) });
    }

    private void Terminate(StepDraft draft, Terminate order)
    {
        var instance = draft.Instance;
        if (order.Recursive)
        {
            IReadOnlyList<Instance> children;
            lock (hub.Gate) children = hub.ChildrenOf(instance);
            foreach (var child in children)
            {
                var (message, write) = hub.Keep(child, order);
                draft.Write(write);
                draft.Then(() => hub.Deliver(child, message));
            }
        }

        obligations.End(
            draft,
            instance.State with { Status = OrchestrationRuntimeStatus.Terminated, Updated = Later(instance), Output = order.Output });
    }

    private DateTime Later(Instance instance) => timers.Now > instance.State.Updated ? timers.Now : instance.State.Updated;
}
