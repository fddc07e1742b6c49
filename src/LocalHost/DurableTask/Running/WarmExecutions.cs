namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Keeps the orchestrators that ran last in memory, so that they need no replay; beyond its room the one unused longest goes.</summary>
internal sealed class WarmExecutions(int room)
{
    private readonly LinkedList<Instance> _byUse = new();
    private readonly Dictionary<Instance, LinkedListNode<Instance>> _nodes = [];

    public void Used(Instance instance)
    {
        Forget(instance);
        if (instance.Execution is null) return;
        _nodes[instance] = _byUse.AddFirst(instance);
        for (var oldest = _byUse.Last; _byUse.Count > room && oldest is not null;)
        {
            var next = oldest.Previous;
            if (!oldest.Value.Busy) Evict(oldest.Value);
            oldest = next;
        }
    }

    public void Forget(Instance instance)
    {
        if (_nodes.Remove(instance, out var node)) _byUse.Remove(node);
    }

    private void Evict(Instance instance)
    {
        Forget(instance);
        instance.Execution = null;
    }
}
