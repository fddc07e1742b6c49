using Atomic.EventSourcing;
using Atomic.Functions.Participants;
using Atomic.Transactions;

namespace Atomic.Verification.Faults;

/// <summary>What a participant is asked about one step, as it reaches it.</summary>
public sealed record StepMoment(StepDefinition Step, Act Act, Invocation Invocation)
{
    /// <summary>Null for a command that belongs to no step of the definition.</summary>
    internal static StepMoment? Of(Definition definition, ParticipantCall call)
    {
        if (call.Invocation.CommandId.Split(':') is not [_, var name, ..] || definition.Find(name) is not { } step) return null;
        var act = (call.Invocation.Mode, call.Name == step.Compensation) switch
        {
            (Mode.Refuse, _) => Act.Refuse,
            (Mode.Declare, true) => Act.DeclareUndone,
            (Mode.Declare, false) => Act.DeclareDone,
            (_, true) => Act.Undo,
            _ => Act.Do,
        };
        return new StepMoment(step, act, call.Invocation);
    }
}

/// <summary>Stands around a participant: lets it carry out what it is asked, or not, or twice, or late.</summary>
public delegate Task<Answer> Around(StepMoment moment, Func<Invocation, Task<Answer>> carryOut);
