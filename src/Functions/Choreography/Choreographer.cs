using Atomic.EventSourcing;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Operations;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Choreography;

/// <summary>
/// Coupling <c>events</c>: what participants do about the facts that they hear. Each asks the rule for its own steps alone, acts at its
/// barrier, and states what came of it. Nothing here knows more of the transaction than the fact and the step's own notes.
/// </summary>
public sealed partial class Choreographer(
    TransactionCatalog catalog,
    ParticipantDirectory participants,
    FactPublisher facts,
    StepMemory memory,
    ICommandBus bus,
    UnstatedUsage unstated,
    TimeProvider time,
    ILogger<Choreographer> logger)
{
    /// <summary>A fact has reached a participant.</summary>
    /// <param name="again">It may have been heard before, and what followed may have been interrupted.</param>
    /// <param name="givenUp">The broker has given it up: every step's policy counts as spent.</param>
    public async Task HearAsync(string context, TransactionFact heard, bool again, bool givenUp, CancellationToken cancellation)
    {
        var definition = DefinitionOf(heard.Transaction);
        foreach (var step in definition.ConcernedBy(heard.Fact.Kind, heard.Fact.Step).Where(step => step.Participant == context))
        {
            var order = new StepOrder(
                heard.Transaction, step.Name, StepOrderKind.Hear, givenUp ? step.Retry.Attempts : 1, Fact: heard.Fact with { Reason = null });
            await CarryOutAsync(order, again, cancellation);
        }
    }

    /// <summary>An order about a step has reached its participant. It ends settled or parked; it throws only when not even that works.</summary>
    public Task CarryOutAsync(StepOrder order, CancellationToken cancellation) => CarryOutAsync(order, again: true, cancellation);

    private async Task CarryOutAsync(StepOrder order, bool again, CancellationToken cancellation)
    {
        using var meter = Meter.Begin();
        if (SceneOf(order, again) is not { } scene) return;
        scene.Meter = meter;
        switch (order.Kind)
        {
            case StepOrderKind.Hear: await RespondAsync(scene, cancellation); break;
            case StepOrderKind.Refuse: await RefuseAsync(scene, cancellation); break;
            case StepOrderKind.Decide: await DecideAsync(scene, cancellation); break;
            default: await UnparkAsync(scene, cancellation); break;
        }
    }

    private async Task RespondAsync(Scene scene, CancellationToken cancellation)
    {
        Act? act = null;
        try
        {
            if (await IsStaleAsync(scene, cancellation)) return;
            act = Participation.ActOn(scene.Definition, scene.Step.Name, await KnownAsync(scene, cancellation));
            if (act is null) return;
            if (act == Act.Do && scene.Unsettled is { } why) await SettleAsync(scene, why, cancellation);
            else if (act == Act.Do && scene.Step.DecisionLimit is { } limit) await AwaitDecisionAsync(scene, limit, cancellation);
            else await ActAsync(scene, act.Value, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logs.StepNotCarriedOut(logger, scene.Order.Transaction.Id, scene.Step.Name, scene.Order.Attempt, e);
            await FailedAsync(scene, act, e.Message, isFinal: false, cancellation);
        }
    }

    private async Task ActAsync(Scene scene, Act act, CancellationToken cancellation)
    {
        if (act != Act.Do)
        {
            // Only what is held can have been done with another input, and be undone.
            var undone = scene.Step.IsHeld ? AskOfEachAsync(scene, act, cancellation) : AskAsync(scene, act, cancellation);
            await AnsweredAsync(scene, act, await undone, cancellation);
            return;
        }

        var notes = scene.Notes;
        if (notes?.Corrected(scene.Order) is null)
        {
            var answer = await AskAsync(scene, act, cancellation);
            // What must succeed is refused for good by its correction alone, or when the transaction is reverted.
            if (answer.TooLate && scene.Definition.MustSucceed(scene.Step))
                notes = await memory.FindAsync(scene.Order.Transaction.Id, scene.Step.Name, cancellation);
            if (notes?.Corrected(scene.Order) is null)
            {
                await AnsweredAsync(scene, act, answer, cancellation);
                return;
            }
        }

        await CorrectAsync(scene, notes, cancellation);
    }

    private async Task AnsweredAsync(Scene scene, Act act, Answer answer, CancellationToken cancellation)
    {
        var mustGoOn = act == Act.Do && !answer.Accepted && !answer.TooLate && scene.Definition.MustSucceed(scene.Step);
        if (answer.IsFatal || mustGoOn)
        {
            await FailedAsync(scene, act, answer.Reason ?? "It was refused without a reason.", isFinal: true, cancellation);
            return;
        }

        // Whoever wrote the record states its fact. Where there is nothing to undo, nothing is written: each who asks states it.
        var isStated = answer.Repeated && !scene.Again && !(act == Act.Undo && answer.Accepted && scene.Step.NothingToUndo);
        var fact = isStated ? null : Participation.FactOf(act, scene.Step.Name, answer.Accepted, answer.TooLate, answer.Reason);
        // What is refused before it was sent, or leaves nothing to undo, was not tried.
        var isTry = act == Act.Do || (act == Act.Undo && !scene.Step.NothingToUndo);
        if (fact is not null) await StateAsync(scene, fact, answer, isTry ? scene.Order.Tries : 0, cancellation);
        else unstated.Add(scene.Order.Transaction.Id, scene.Step.Name, scene.Used);
    }

    /// <summary>What is known to the step: what has just been heard, with what it had to remember.</summary>
    private async Task<Facts> KnownAsync(Scene scene, CancellationToken cancellation)
    {
        var fact = scene.Order.Fact!;
        if (scene.Definition.MustRemember(scene.Step.Name, fact.Kind))
        {
            (var all, scene.Before) = await memory.HearAsync(scene.Order.Transaction, scene.Step.Name, fact, cancellation);
            return all;
        }

        var known = new Facts();
        known.Add(fact.Kind, fact.Step);
        return known;
    }

    /// <summary>The step's time limit for a person begins; the decision comes to the same record as the refusal at its end.</summary>
    private async Task AwaitDecisionAsync(Scene scene, TimeSpan limit, CancellationToken cancellation)
    {
        await memory.ChangeAsync(
            scene.Order.Transaction, scene.Step.Name, notes => notes.AwaitsDecision ? notes : notes with { AwaitsDecision = true }, cancellation);
        var order = new StepOrder(scene.Order.Transaction, scene.Step.Name, StepOrderKind.Refuse, Reason: $"No decision within {limit}.");
        await bus.ScheduleAsync(scene.Step.Participant, order.ToMessage("limit"), time.GetUtcNow() + limit, cancellation);
        unstated.Add(scene.Order.Transaction.Id, scene.Step.Name, scene.Used);
    }

    private async Task StateAsync(Scene scene, Fact fact, Answer answer, int attempts, CancellationToken cancellation)
    {
        var used = scene.Used + unstated.Take(scene.Order.Transaction.Id, scene.Step.Name);
        await facts.PublishAsync(scene.Order.Transaction, scene.Definition, fact, answer.Tokens, new Effort(used, attempts), cancellation);
        // One that is held may be reverted while it stands still, by an order that knows nothing of that.
        if (scene.IsParked || (scene.Step.IsHeld && fact.Kind != FactKind.Succeeded)) await ResumeAsync(scene, cancellation);
    }

    private async Task ResumeAsync(Scene scene, CancellationToken cancellation)
    {
        await memory.ChangeAsync(
            scene.Order.Transaction, scene.Step.Name, notes => notes.Parked is null ? notes : notes with { Parked = null }, cancellation);
        if (scene.IsParked) Logs.StepResumed(logger, scene.Order.Transaction.Id, scene.Step.Name);
    }

    private Task<Answer> AskAsync(Scene scene, Act act, CancellationToken cancellation, string? reason = null)
    {
        var (name, command) = scene.Step.CommandOf(act, scene.Input);
        var invocation = scene.Try(act).ToInvocation() with { Reason = reason ?? scene.Order.Reason };
        return time.WithinAsync(
            scene.Step.Retry.Limit, limited => participants[scene.Step.Participant].HandleAsync(name, command, invocation, limited), cancellation);
    }

    private Definition DefinitionOf(TransactionHeader transaction)
    {
        var type = catalog.Pinned(transaction.Definition, transaction.Version);
        return type.Definition.For(type.Restore(transaction.Input));
    }

    /// <summary>Null for a step that has no part in the transaction: its condition leaves it out.</summary>
    private Scene? SceneOf(StepOrder order, bool again)
    {
        var type = catalog.Pinned(order.Transaction.Definition, order.Transaction.Version);
        var input = type.Restore(order.Transaction.Input);
        var definition = type.Definition.For(input);
        return definition.Find(order.Step) is { } step
            ? new Scene(order, definition, step, order.Edition > 0 ? type.Restore(order.Data!.Value) : input, again)
            : null;
    }

    /// <summary>An order with all that it is about.</summary>
    private sealed record Scene(StepOrder Order, Definition Definition, StepDefinition Step, object Input, bool Again)
    {
        /// <summary>Counts what is used for it here.</summary>
        public Meter? Meter { get; set; }

        /// <summary>What the step remembers, as far as that was read.</summary>
        public StepNotes? Notes { get; set; }

        /// <summary>What was used to hear the facts that the step had to remember.</summary>
        public Usage Before { get; set; } = Usage.None;

        /// <summary>All that was used for it so far. A person's decision comes by a message, which is counted here.</summary>
        public Usage Used => (Order.Used ?? Usage.None) + Before + (Meter?.Used ?? Usage.None)
            + (Order.Kind == StepOrderKind.Decide && Order.Used is null ? Usage.Message() : Usage.None);

        /// <summary>The order is one of those that try again what is parked.</summary>
        public bool IsParked => Order.Attempt > Step.Retry.Attempts;

        /// <summary>Of an order whose policy is spent, so that its step is to be settled and not done: why its outcome is unknown; else null.</summary>
        public string? Unsettled => IsParked && Notes?.Parked is { Act: Act.Refuse } parked && parked.Order.Kind == Order.Kind ? parked.Reason : null;

        public StepTry Try(Act act) => StepTry.Of(Definition, Step, Order.Transaction.Id, act, Order.Attempt, Order.Edition) with
        {
            TraceParent = Traces.Onward(Order.Transaction.TraceParent),
        };
    }
}
