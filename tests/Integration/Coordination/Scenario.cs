using System.Net;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Simulation;

namespace Atomic.Integration.Coordination;

/// <summary>What happens to a run of a definition.</summary>
public enum Happening
{
    Nothing,
    IsRefused,
    NeverWorks,
    LosesItsReply,
    IsNeverUndone,
    IsCancelledBeforeThePivot,
    IsCancelledAfterThePivot,
    PassesTheDeadline,
    IsNotDecided,
}

/// <summary>One run: of a sample, in a coupling, with a mishap at a step.</summary>
internal sealed record Scenario(Sample Sample, Happening Happening, string Step, string Coupling)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string Number { get; } = Guid.NewGuid().ToString("N")[..12];

    private string Id => CoordinatedHost.IdOf(Sample.Definition.Name, Number);

    private string Key => $"{Id}:{Step}";

    private string Url => $"/api/transactions/{Id}";

    /// <summary>Runs to the end.</summary>
    /// <param name="leapAsync">Waits with the others for the time to pass.</param>
    public async Task<Ended> RunAsync(CoordinatedHost host, Func<Task> leapAsync)
    {
        await Sample.SeedAsync(host, Number);
        var script = Script(host.Store);
        try
        {
            return await RunAsync(host, script, leapAsync);
        }
        finally
        {
            // Nothing must go on waiting: it would hold up what comes behind it in its queue.
            host.Store.Forget(Key);
        }
    }

    private async Task<Ended> RunAsync(CoordinatedHost host, ScriptedEventStore.Entry? script, Func<Task> leapAsync)
    {
        await host.StartAsync(Sample.Definition.Name, Coupling, Sample.Input(Number), Number);
        if (Sample.NeedsApproval && Happening != Happening.IsNotDecided) await DecideAsync(host);
        switch (Happening)
        {
            case Happening.NeverWorks when IsForwardOnly:
            case Happening.IsNeverUndone:
                await RetryAsync(host);
                break;
            case Happening.IsCancelledBeforeThePivot:
                await script!.Reached.WaitAsync(Patience);
                await host.AcceptedAsync($"{Url}/cancel", new { by = "ann", why = "changed my mind" });
                await host.UntilAsync(Id, found => found.State == TransactionState.Compensating);
                host.Store.Forget(Key);
                break;
            case Happening.IsCancelledAfterThePivot:
                await host.UntilAsync(Id, found => found.Steps.Any(step => step.Name == Sample.Effective.Pivot && step.State == StepState.Succeeded));
                var (status, answer) = await host.PostAsync($"{Url}/cancel", new { by = "ann" });
                if (status != HttpStatusCode.Conflict) throw new InvalidOperationException($"The cancel was answered with {(int)status} {answer}");
                host.Store.Forget(Key);
                break;
            case Happening.PassesTheDeadline:
                await script!.Reached.WaitAsync(Patience);
                await leapAsync();
                await host.UntilAsync(Id, found => found.State is TransactionState.Compensating);
                host.Store.Forget(Key);
                break;
            case Happening.IsNotDecided:
                await host.UntilAsync(Id, found => found.Steps.Any(step => step.Name == Step && step.State == StepState.Running));
                await leapAsync();
                break;
        }

        var ended = await host.UntilAsync(Id, found => found.State is TransactionState.Completed or TransactionState.Compensated);
        return Ended.Of(ended, Sample.Effective, host.Store.LedgerOf(Id));
    }

    public override string ToString() => $"{Sample.Name} in {Coupling}: {Step} {Happening}";

    private bool IsForwardOnly => Sample.Effective.KindOf(Step) == StepKind.ForwardOnly;

    private bool IsDecision => Sample.Effective.Find(Step)?.DecisionLimit is not null;

    private ScriptedEventStore.Entry? Script(ScriptedEventStore store)
    {
        switch (Happening)
        {
            case Happening.IsRefused when !IsDecision: return store.On(Key, RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
            case Happening.NeverWorks: return store.On(Key, RecordState.None, RecordState.Done, Mishap.FailsBefore);
            case Happening.LosesItsReply: return store.On(Key, RecordState.None, RecordState.Done, Mishap.FailsAfter, times: 1);
            case Happening.IsNeverUndone:
                store.On($"{Id}:{Sample.Effective.Pivot}", RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
                return store.On(Key, RecordState.Done, RecordState.Undone, Mishap.FailsBefore);
            case Happening.IsCancelledBeforeThePivot or Happening.IsCancelledAfterThePivot or Happening.PassesTheDeadline:
                return store.On(Key, RecordState.None, RecordState.Done, Mishap.Waits);
            default: return null;
        }
    }

    private async Task DecideAsync(CoordinatedHost host)
    {
        var step = Sample.Effective.Steps.First(one => one.DecisionLimit is not null).Name;
        await host.UntilAsync(Id, found => found.State != TransactionState.Running || found.Steps.Any(one => one.Name == step && one.State == StepState.Running));
        var (status, answer) = await host.PostAsync($"{Url}/approvals/{step}", new { approved = !(Happening == Happening.IsRefused && IsDecision), by = "ann" });
        // Where an earlier step has failed, nobody waits for the decision any more.
        if (status is not (HttpStatusCode.Accepted or HttpStatusCode.Conflict)) throw new InvalidOperationException($"{step}: {(int)status} {answer}");
    }

    private async Task RetryAsync(CoordinatedHost host)
    {
        var parked = await host.UntilAsync(Id, found => found.State == TransactionState.NeedsAttention);
        if (parked.Steps.Single(step => step.Name == Step).State != StepState.Parked) throw new InvalidOperationException($"{this}: {parked.Reason}");
        host.Store.Forget(Key);
        await host.AcceptedAsync($"{Url}/steps/{Step}/retry", new { by = "ann", why = "its cause is gone" });
    }
}

/// <summary>How a run ended, as far as it must be the same in every coupling.</summary>
/// <param name="Standing">The effects that stand: step, kind of stream and events.</param>
internal sealed record Ended(TransactionState State, string? Reason, string Standing)
{
    public static Ended Of(TransactionView found, Definition definition, IReadOnlyList<LedgerEntry> ledger)
    {
        var oracle = new Oracle(definition, found.Id);
        var violations = oracle.Violations(ledger, found.State).ToList();
        if (violations.Count > 0) throw new InvalidOperationException($"{found.Coordination}: {string.Join("; ", violations)}");
        var standing = oracle.Standing(ledger).Where(step => !definition[step].IsCommit && !definition[step].NothingToUndo).ToHashSet();
        var effects =
            from entry in ledger
            let step = entry.Key.Split(':')[1]
            where standing.Contains(step) && entry.To == RecordState.Done
            select $"{step} {entry.Stream.ToString().Split(':')[0]} {string.Join("+", entry.Events.Select(e => e.GetType().Name))}";
        return new Ended(found.State, found.Reason, string.Join(", ", effects.Order(StringComparer.Ordinal)));
    }
}
