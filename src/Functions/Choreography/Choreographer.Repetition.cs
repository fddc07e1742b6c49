using Atomic.Messaging;
using Atomic.Transactions;

namespace Atomic.Functions.Choreography;

public sealed partial class Choreographer
{
    /// <summary>Publishes again what the order's step has written, do and undo, if it has written anything, and does nothing else.</summary>
    /// <exception cref="MalformedMessageException">Nobody can tell which step it is about.</exception>
    public async Task RepeatAsync(string id, StepOrder order, CancellationToken cancellation)
    {
        if (ReadableSceneOf(id, order) is not { } scene) return;
        foreach (var act in new[] { Act.Do, Act.Undo })
        {
            var (name, command) = scene.Step.CommandOf(act, scene.Input);
            await participants[scene.Step.Participant].HandleAsync(
                name, command, scene.Try(act).ToInvocation() with { OnlyRepeats = true }, cancellation);
        }
    }

    private Scene? ReadableSceneOf(string id, StepOrder order)
    {
        try
        {
            return SceneOf(order, again: true);
        }
        catch (Exception e)
        {
            // Of a definition that is not here any more, or never was an order: it was not carried out by this code.
            throw new MalformedMessageException(id, e.Message);
        }
    }
}
