using Atomic.EventSourcing;
using Atomic.Transactions;

namespace Atomic.Verification;

/// <summary>The business says no.</summary>
public sealed record StepRefused(string Reason) : IRefusal;

/// <summary>A step that the business refuses, whatever it is: with the barrier of every other step, on a stream of its own.</summary>
internal sealed record RefusedStep : IAggregate<RefusedStep>
{
    public static string Category => "verificationRefusedStep";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(StepRefused));

    public static RefusedStep Initial { get; } = new();

    public RefusedStep Evolve(IEvent e) => this;

    public static Task<Answer> HandleAsync(CommandHandler commands, Invocation invocation, Act act)
    {
        var id = invocation.CommandId.Replace(':', '~');
        return act is Act.Undo or Act.DeclareUndone
            ? commands.UndoAsync<RefusedStep>(id, invocation, _ => [], CancellationToken.None)
            : commands.DoAsync<RefusedStep>(id, invocation, _ => [new StepRefused("The business says no.")], creates: false, CancellationToken.None);
    }
}
