using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Choreography;

public enum StepOrderKind
{
    /// <summary>A fact that concerns the step: the rule says what is owed.</summary>
    Hear,

    /// <summary>The step is to be refused unless it is done: a cancel, a deadline, a decision that nobody made in time.</summary>
    Refuse,

    /// <summary>A person has decided: the do of a step that waits for that.</summary>
    Decide,

    /// <summary>A person wants what is parked to be tried now.</summary>
    Retry,

    /// <summary>A person declares what is parked done, or undone.</summary>
    Resolve,
}

/// <summary>
/// What a participant without a coordinator is to do about one of its steps. A fact becomes one when it is heard; retries, limits and what
/// people want come as messages on the participant's queue.
/// </summary>
/// <param name="Attempt">How often it was tried with this one.</param>
/// <param name="Reason">For a refusal: why. For what a person wants: who and why.</param>
/// <param name="Fact">What was heard.</param>
/// <param name="Data">The decision; or the corrected input of the transaction, for this step alone.</param>
/// <param name="Edition">How often the step's input was corrected; for a correction: which of them it is.</param>
/// <param name="Done">For a resolution: declared done, or undone.</param>
/// <param name="Spared">How many of the attempts were not made, since they were of no use.</param>
public sealed record StepOrder(
    TransactionHeader Transaction,
    string Step,
    StepOrderKind Kind,
    int Attempt = 1,
    string? Reason = null,
    Fact? Fact = null,
    JsonElement? Data = null,
    int Edition = 0,
    bool Done = false,
    int Spared = 0)
{
    /// <summary>How often it was tried.</summary>
    [JsonIgnore]
    public int Tries => Attempt - Spared;

    /// <summary>The attempt that a person asked for last; the waits while it is parked count from there. 0 while nobody did.</summary>
    public int CountsFrom { get; init; }

    /// <summary>What was used for it before it was sent again.</summary>
    public Usage? Used { get; init; }

    /// <summary>The order as a message. Its id tells it from every other, and is the same when it is sent again.</summary>
    /// <param name="cause">What makes it one of its kind: the id of the command that caused it.</param>
    public CommandMessage ToMessage(string cause = "")
    {
        var about = Fact is null ? cause : $"{Fact.Kind}:{Fact.Step}";
        var id = $"{Transaction.Id}:{Step}:{Kind}:{about}:{Attempt}";
        return new CommandMessage(
            id, nameof(StepOrder), new EventContext(Transaction.Id, id, Traces.Onward(Transaction.TraceParent), Actor: "transaction"), JsonSerializer.SerializeToElement(this, StorageJson.Options));
    }
}
