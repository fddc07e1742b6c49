using Atomic.Transactions;

namespace Atomic.Verification.Faults;

/// <summary>What can go wrong with each step, and with each undo. The same in every coupling, so that their ends can be compared.</summary>
internal static class StepFaults
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileSettling = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Overtaken = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WhenOthersAreDone = TimeSpan.FromSeconds(1);

    /// <summary>The step whose refusal reverts most: the pivot, or where that is implicit the last before it.</summary>
    public static string? LastRefusable(Definition definition) => Refusable(definition).LastOrDefault();

    public static IEnumerable<SingleFault> Of(Definition definition)
    {
        foreach (var step in definition.Steps.Where(step => !step.IsCommit))
        {
            foreach (var fault in OfDo(definition, step)) yield return fault;
            if (step.Compensation is null || WhatUndoes(step, definition) is not { } refused) continue;
            var isAfter = definition.IsAfter(refused, step.Name);
            foreach (var fault in OfUndo(step)) yield return fault with { Refused = refused, RefusedAfter = isAfter ? TimeSpan.Zero : WhenOthersAreDone };
        }
    }

    /// <summary>The step by whose refusal it comes to be undone: one that waits for it, or else one beside it. Null when nothing but a cancel does that.</summary>
    private static string? WhatUndoes(StepDefinition step, Definition definition)
    {
        if (LastRefusable(definition) is { } last && definition.IsAfter(last, step.Name)) return last;
        return Refusable(definition).LastOrDefault(other => other != step.Name && !definition.IsAfter(step.Name, other));
    }

    private static IEnumerable<string> Refusable(Definition definition) => definition.Steps
        .Where(step => !step.IsCommit && step.CanBeRefused && !definition.MustSucceed(step)).Select(step => step.Name);

    private static IEnumerable<SingleFault> OfDo(Definition definition, StepDefinition step)
    {
        var (name, attempts, must) = (step.Name, step.Retry.Attempts, definition.MustSucceed(step));
        var (done, given) = (TransactionState.Completed, must ? TransactionState.NeedsAttention : TransactionState.Compensated);
        if (step.CanBeRefused) yield return new SingleFault(FaultClass.Refused, $"{name}/do/refused", given) { Refused = name };

        yield return On(FaultClass.FailsBefore, "before-once", 1, Mishaps.Before, done);
        if (attempts > 1) yield return On(FaultClass.FailsBefore, "before-until-last", attempts - 1, Mishaps.Before, done);
        yield return On(FaultClass.FailsBefore, "before-always", int.MaxValue, Mishaps.Before, given);
        yield return new SingleFault(FaultClass.FailsBefore, $"{name}/down", TransactionState.NeedsAttention)
        {
            Around = Mishaps.On(name, _ => true, _ => true, Mishaps.Before),
        };
        yield return On(FaultClass.FailsAfter, "after-once", 1, Mishaps.After, done);
        yield return On(FaultClass.FailsAfter, "after-always", int.MaxValue, Mishaps.After, must ? given : done);
        yield return On(FaultClass.LateEffect, "late-once", 1, Mishaps.Late(Soon), done);
        yield return On(FaultClass.LateEffect, "late-while-settling", attempts, Mishaps.Late(WhileSettling), must ? [done] : [done, given]);
        yield return On(FaultClass.LateEffect, "late-at-the-end", attempts, Mishaps.Late(AtTheEnd), must ? done : given);
        yield return On(FaultClass.DeliveredTwice, "twice", 1, Mishaps.Twice, done);
        yield return On(FaultClass.DeliveredTwice, "twice-at-once", 1, Mishaps.AtOnce, done);
        yield return On(FaultClass.DeliveredTwice, "again-at-the-end", 1, Mishaps.Again(AtTheEnd), done);
        yield return On(FaultClass.OutOfOrder, "overtaken", 1, Mishaps.Held(Overtaken), done);

        SingleFault On(FaultClass kind, string how, int times, Mishap mishap, params TransactionState[] ends) =>
            new(kind, $"{name}/do/{how}", ends) { Around = Mishaps.On(name, act => act == Act.Do, call => call <= times, mishap) };
    }

    private static IEnumerable<SingleFault> OfUndo(StepDefinition step)
    {
        var (name, attempts) = (step.Name, step.Retry.Attempts);
        foreach (var times in new[] { 1, attempts - 1, attempts, attempts + 2 }.Where(times => times > 0).Distinct())
            yield return On(FaultClass.UndoFails, $"before-{times}", times, Mishaps.Before);
        yield return On(FaultClass.UndoFails, "before-always", int.MaxValue, Mishaps.Before, TransactionState.NeedsAttention);
        yield return On(FaultClass.FailsAfter, "after-once", 1, Mishaps.After);
        yield return On(FaultClass.FailsAfter, "after-always", int.MaxValue, Mishaps.After, TransactionState.NeedsAttention);
        yield return On(FaultClass.LateEffect, "late-once", 1, Mishaps.Late(Soon));
        yield return On(FaultClass.LateEffect, "late-at-the-end", attempts, Mishaps.Late(AtTheEnd));
        yield return On(FaultClass.DeliveredTwice, "twice", 1, Mishaps.Twice);
        yield return On(FaultClass.DeliveredTwice, "twice-at-once", 1, Mishaps.AtOnce);
        yield return On(FaultClass.DeliveredTwice, "again-at-the-end", 1, Mishaps.Again(AtTheEnd));
        yield return On(FaultClass.OutOfOrder, "overtaken", 1, Mishaps.Held(Overtaken));
        yield return new SingleFault(FaultClass.DeliveredTwice, $"{name}/do/again-after-undo", TransactionState.Compensated)
        {
            Around = Mishaps.On(name, act => act == Act.Do, call => call == 1, Mishaps.Again(AtTheEnd)),
        };
        yield return new SingleFault(FaultClass.OutOfOrder, $"{name}/do/again-with-undo", TransactionState.Compensated)
        {
            Around = Mishaps.DoAgainWithUndo(name),
        };

        SingleFault On(FaultClass kind, string how, int times, Mishap mishap, TransactionState ends = TransactionState.Compensated) =>
            new(kind, $"{name}/undo/{how}", ends) { Around = Mishaps.On(name, act => act == Act.Undo, call => call <= times, mishap) };
    }
}
