using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Transactions;

namespace Atomic.Functions.Participants;

/// <summary>One try of one act of one step, as every coupling brings it to the participant.</summary>
/// <param name="Edition">How often a person has corrected the step's input: each edition is a command of its own at the barrier.</param>
public sealed record StepTry(string Transaction, string Step, Act Act, int Attempt, int Edition, Mode Mode, bool MustSucceed)
{
    /// <summary>W3C trace context of what asks for it.</summary>
    public string? TraceParent { get; init; }

    public static StepTry Of(Definition definition, StepDefinition step, string transaction, Act act, int attempt, int edition = 0)
    {
        var mode = act switch
        {
            Act.DeclareDone => Mode.Declare,
            Act.DeclareUndone when act.IsCompensation(step) => Mode.Declare,
            Act.Undo when act.IsCompensation(step) => Mode.Perform,
            Act.Do => Mode.Perform,
            // What has nothing to undo is undone by refusing a do that may still come.
            _ => Mode.Refuse,
        };
        return new StepTry(transaction, step.Name, act, attempt, edition, mode, definition.MustSucceed(step));
    }

    /// <summary>
    /// How the ids of the messages begin that tell a step what it waits for. There may be several, and the reply to any of them will do.
    /// </summary>
    public static string AnswerOf(string transaction, string step) => $"{transaction}:{step}:{Act.Do}";

    /// <summary>The key of the barrier's record: one for the do and the undo of the step.</summary>
    public string Key => Edition == 0 ? $"{Transaction}:{Step}" : $"{Transaction}:{Step}:e{Edition}";

    /// <summary>What tells this try from every other.</summary>
    public string Id => $"{Key}:{Act}:{Attempt}";

    public Invocation ToInvocation() => new(Key, Context) { Mode = Mode, MustSucceed = MustSucceed };

    /// <summary>The try as a command on its participant's queue.</summary>
    public CommandMessage ToMessage(string command, JsonElement data) => new(Id, command, Context, data)
    {
        Key = Key,
        Mode = Mode,
        MustSucceed = MustSucceed,
        WantsReply = true,
    };

    private EventContext Context => new(Transaction, Id, TraceParent, Actor: "transaction");
}

/// <summary>A step's command as an activity's input.</summary>
public sealed record StepCall<TCommand>(StepTry Try, TCommand Command);
