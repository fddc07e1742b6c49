using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>
/// A step on its way to the file: the changes that are committed together, and what follows once they are, under the gate. Nothing of it
/// is seen before.
/// </summary>
internal sealed class StepDraft(Instance instance)
{
    private readonly List<Write> _writes = [];
    private readonly List<Action> _effects = [];

    public Instance Instance => instance;

    public IReadOnlyList<Write> Writes => _writes;

    /// <summary>The sub-orchestrations that begin with this step.</summary>
    public Dictionary<string, Instance> Children { get; } = [];

    public void Write(Write write) => _writes.Add(write);

    public void Write(IEnumerable<Write> writes) => _writes.AddRange(writes);

    public void Then(Action effect) => _effects.Add(effect);

    public void Consume(IEnumerable<Message> messages)
    {
        foreach (var message in messages) _writes.Add(message.Consumed);
    }

    public void Record(Step step)
    {
        Record(step, instance.Position);
        Then(() => instance.Position++);
    }

    public void Record(Step step, long position) => Write(Storage.Write.AddStep(instance.Key, position, step));

    public void Set(InstanceState state)
    {
        Write(Storage.Write.SetState(instance.Key, state));
        Then(() => instance.Set(state));
    }

    public void Apply()
    {
        foreach (var effect in _effects) effect();
    }
}
