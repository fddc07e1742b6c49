using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Participants;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Orchestration;

/// <summary>
/// Carries out what is owed to one step. An unknown outcome is tried again under the step's policy; when that is spent the record
/// decides: the participant is asked to refuse the step, and answers whether it is done. What can neither succeed nor be settled is
/// parked, and goes on when its cause is gone or a person says how.
/// </summary>
/// <param name="corrections">The inputs that the step's was corrected to before this run.</param>
internal sealed class StepWork(
    Coordination coordination, StepDefinition step, TransactionType type, object input, IReadOnlyList<JsonElement> corrections)
{
    /// <summary>The inputs that it is to be carried out with once what was tried with those before is settled.</summary>
    private readonly List<StepEdition> _corrected = [.. corrections.Select((corrected, before) => new StepEdition(before + 1, type.Restore(corrected)))];

    private StepEdition _edition = new(0, input);

    private TransactionRun Run => coordination.Run;

    public Task CarryOutAsync(Owed owed) => owed == Owed.Undo ? UndoAsync(null) : DoAsync();

    private async Task DoAsync()
    {
        var outcome = step.DecisionLimit is { } limit ? await DecideAsync(limit) : await TryAsync(Act.Do);
        var mustSucceed = Run.Definition.MustSucceed(step);
        if (mustSucceed && outcome.Answer is not { Accepted: true })
            outcome = await ParkAsync(Act.Do, outcome.Failure ?? outcome.Answer!.Reason);

        if (outcome.Answer is not { } answer) await SettleAsync(outcome.Failure!);
        else Hear(Participation.FactOf(Act.Do, step.Name, answer.Accepted, answer.TooLate, answer.Reason)!, answer);
    }

    /// <summary>Nobody knows whether it happened. Once the transaction has failed it is undone in any case; else its record tells.</summary>
    public async Task SettleAsync(string why)
    {
        Run.OutcomeUnknown(step.Name, why);
        coordination.Show();
        if (Run.AnyFailed)
        {
            await UndoAsync(why);
            return;
        }

        Answer answer;
        do
        {
            var outcome = await TryAsync(Act.Refuse);
            answer = outcome.Answer ?? (await ParkAsync(Act.Refuse, outcome.Failure)).Answer!;
        }
        while (!answer.Accepted && Run.RecordsCommit && TakeCorrection());

        Hear(Participation.FactOfSettling(step.Name, answer.Accepted, answer.TooLate, answer.Reason, why), answer);
    }

    /// <param name="unknown">Why it is unknown whether the step was done; null when it was.</param>
    private async Task UndoAsync(string? unknown)
    {
        var answers = new List<Answer>();
        do
        {
            var outcome = await TryAsync(Act.Undo);
            answers.Add(outcome.Answer ?? (await ParkAsync(Act.Undo, outcome.Failure)).Answer!);
        }
        while (TakeCorrection());

        var kind = unknown is null ? FactKind.Undone : FactKind.Failed;
        Hear(new Fact(kind, step.Name, unknown, Act.Undo), Answer.Of(answers));
    }

    /// <summary>A person's decision: the reply to a command that somebody else sends.</summary>
    private async Task<Outcome> DecideAsync(TimeSpan limit)
    {
        Run.Tried(step.Name);
        var decision = coordination.Replies.ToAnyAsync(StepTry.AnswerOf(coordination.Transaction, step.Name));
        using var alarm = coordination.Alarms.After(limit);
        await Task.WhenAny(decision, alarm.Rings, coordination.StopOf(step)!);
        if (!decision.IsCompleted) return new Outcome(null, alarm.Rings.IsCompleted ? $"No decision within {limit}." : coordination.WhyStopped("The transaction has failed."));
        var outcome = await decision;
        // The command by which the person decided; its reply is in the outcome.
        Run.Use(outcome.Used + Usage.Message());
        return outcome;
    }

    private async Task<Outcome> TryAsync(Act act)
    {
        // An earlier version of this code, which recalled nothing, did not try it again, and what it has called for is replayed.
        if (act == Act.Do && await SettleEarlierAsync(underPolicy: Run.AsksFirst) is { } unsettled) return unsettled;
        using var tries = new StepTries(coordination, step, act, _edition);
        return await tries.UnderPolicyAsync(act == Act.Do ? coordination.StopOf(step) : null);
    }

    /// <summary>One call, unless there are more inputs to ask about.</summary>
    private async Task<Outcome> OnceAsync(Act act)
    {
        while (true)
        {
            using var tries = new StepTries(coordination, step, act, _edition);
            var outcome = await tries.OnceAsync();
            // With what was settled nothing can be declared done any more, and what was done with any input is to be undone.
            var goesOn = act == Act.Undo || (act == Act.DeclareDone && outcome.Answer is { TooLate: true });
            if (outcome.Answer is null || !goesOn || !TakeCorrection()) return outcome;
        }
    }

    /// <summary>
    /// Settles what was tried with earlier inputs: it must not come late, beside what the newest one does. Null once that is certain; else how
    /// one of them ended, or that nobody knows.
    /// </summary>
    private async Task<Outcome?> SettleEarlierAsync(bool underPolicy = false)
    {
        while (_corrected.Count > 0)
        {
            using var settling = new StepTries(coordination, step, Act.Refuse, _edition);
            var settled = await (underPolicy ? settling.UnderPolicyAsync(coordination.StopOf(step)) : settling.OnceAsync());
            if (settled.Answer is not { Accepted: false }) return settled;
            TakeCorrection();
        }

        return null;
    }

    private bool TakeCorrection()
    {
        if (_corrected.Count == 0) return false;
        _edition = _corrected[0];
        _corrected.RemoveAt(0);
        return true;
    }

    private void Correct(TransactionOrder order)
    {
        var known = _corrected.Count > 0 ? _corrected[^1].Number : _edition.Number;
        var number = order.Edition ?? known + 1;
        // One that is known came a second time, or after a later one.
        if (number > known) _corrected.Add(new StepEdition(number, type.Restore(order.Input!.Value)));
    }

    /// <summary>Shows the step as parked until it is answered, declared by hand, or (before the pivot) no longer wanted.</summary>
    private async Task<Outcome> ParkAsync(Act act, string? why)
    {
        var stop = act == Act.Do ? coordination.StopOf(step) : null;
        // Waited for all the time: one that comes while a try is under way is carried out after it.
        var order = coordination.ParkedAsync(step.Name);
        for (var tries = 1; ; tries++)
        {
            if (Run.StateOf(step.Name) != StepState.Parked) ShowParked(act, why);
            using var alarm = coordination.Alarms.After(Retry.WhileParked(tries));
            await Task.WhenAny([order, alarm.Rings, .. stop is null ? Array.Empty<Task>() : [stop]]);
            if (stop is { IsCompleted: true }) return Resumed(new Outcome(null, coordination.WhyStopped(why)));

            var given = order.IsCompleted ? await order : null;
            if (given is not null) (tries, order) = (0, coordination.ParkedAsync(step.Name));
            var outcome = await GoOnAsync(act, given, why);
            if (outcome.Answer is { } answer && (answer.Accepted || act != Act.Do || given is { Kind: OrderKind.Resolve, Done: false })) return Resumed(outcome);
            var failure = outcome.Failure ?? outcome.Answer?.Reason;
            if (failure != why && Run.StateOf(step.Name) == StepState.Parked) ShowReason(act, failure);
            why = failure;
        }
    }

    private void ShowReason(Act act, string? why)
    {
        Hear(new Fact(FactKind.Parked, step.Name, why, act));
        coordination.Show();
    }

    private void ShowParked(Act act, string? why)
    {
        var reason = why ?? "It was refused without a reason.";
        Hear(new Fact(FactKind.Parked, step.Name, reason, act));
        Logs.StepParked(coordination.Log, coordination.Transaction, step.Name, reason);
        coordination.Show();
        coordination.RecordMeanwhile();
    }

    private Outcome Resumed(Outcome outcome)
    {
        Logs.StepResumed(coordination.Log, coordination.Transaction, step.Name);
        return outcome;
    }

    /// <summary>One try of the parked act, or what the order says instead of it.</summary>
    private async Task<Outcome> GoOnAsync(Act act, TransactionOrder? order, string? why)
    {
        if (order is not null) Run.Unpark(step.Name, act);
        if (order?.Input is not null && act == Act.Do) Correct(order);
        var isDeclared = order?.Kind == OrderKind.Resolve;
        if (act == Act.Do && !isDeclared && await SettleEarlierAsync() is { } unsettled)
        {
            // An earlier version of this code went back to the input before, and what it has called for is replayed.
            if (order is { Input: not null, Edition: null }) _corrected.Clear();
            return unsettled;
        }

        if (isDeclared)
        {
            // What was parked when the person looked may be another act by now; that one stays parked.
            if (Participation.Declared(Run.Definition, step.Name, act, order!.Done) is not { } declared) return new Outcome(null, why);
            act = declared;
        }

        var outcome = await OnceAsync(act);
        return isDeclared && !order!.Done && outcome.Answer is { } undone
            ? new Outcome(undone with { Accepted = false, TooLate = true, Reason = why })
            : outcome;
    }

    private void Hear(Fact fact, Answer? answer = null)
    {
        Run.Hear(fact, coordination.Now, answer?.Tokens);
        coordination.TellFailure();
    }
}
