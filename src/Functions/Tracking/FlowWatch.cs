using Atomic.Functions.Definitions;
using Atomic.Functions.Operations;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Watch;
using Atomic.Transactions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Tracking;

/// <summary>
/// Finds flows whose next fact is late. It goes through the marks of transactions that have not ended, and looks closer only at those whose
/// time has come: what waits for a day is looked at after a day. Where nobody coordinates, the late participant is reminded of what it owes,
/// and when that is in vain a person is called.
/// </summary>
public sealed class FlowWatch(
    OpenTransactions open, ProgressKeeper progress, TransactionCatalog catalog, Reminders reminders, TimeProvider time, ILogger<FlowWatch> logger)
{
    /// <summary>
    /// How soon a flow is looked at again that is late, or of which nobody can say what it waits for: the third time that the watch runs.
    /// </summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(50);

    private readonly Seldom _unseen = new(time, TimeSpan.FromMinutes(5));

    /// <returns>How many flows are late.</returns>
    public async Task<int> RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var (now, late) = (time.GetUtcNow(), 0);
        await foreach (var mark in open.ListAsync(cancellation))
        {
            if (IsDue(mark, now) && await OneAsync(client, mark, now, cancellation)) late++;
        }

        return late;
    }

    /// <summary>One that cannot be looked at, or about which nothing can be done, must not hide the others.</summary>
    private async Task<bool> OneAsync(DurableTaskClient client, OpenTransaction mark, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await LookAsync(client, mark, now, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Its mark stays for as long as its cause lasts, and the watch comes by three times a minute: the alert needs it three times in twenty.
            if (_unseen.Says(mark.Id)) Logs.TransactionNotWatched(logger, mark.Id, e);
            return false;
        }
    }

    // A coordinator tells when it parks a step, and not when it goes on with it.
    private static bool IsDue(OpenTransaction mark, DateTimeOffset now) =>
        mark.Due is { } due ? due <= now : mark.Coordination != Coupling.Events;

    private async Task<bool> LookAsync(DurableTaskClient client, OpenTransaction mark, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await open.FindAsync(mark, cancellation) is not { } known) return false;
        var (overdue, due) = known.Transaction.Coordination == Coupling.Events
            ? OfFacts(known, now)
            : OfEngine(await client.GetInstanceAsync(mark.Id, getInputsAndOutputs: true, cancellation), known, now);
        var isNew = overdue is not null && (known.Overdue?.Step, known.Overdue?.Owed) != (overdue.Step, overdue.Owed);
        await progress.LookedAtAsync(known, overdue, due > now ? due.Value : now + Again, cancellation);
        if (isNew)
        {
            Logs.FlowOverdue(logger, mark.Id, overdue!.Step, overdue.Reason);
            Measures.Overdue(known.Transaction.Definition, known.Transaction.Coordination, overdue.Step);
        }

        if (overdue is not null && known.Transaction.Coordination == Coupling.Events) await reminders.RemindAsync(known, overdue, now, cancellation);
        return overdue is not null;
    }

    private (OverdueStep? Overdue, DateTimeOffset? Due) OfFacts(TransactionProgress known, DateTimeOffset now)
    {
        var awaited = known.Expected(Expectation.Of(known.Replay(catalog), patience: null), patience: null).ToList();
        return Judged(awaited, now, late => $"{Silence(late)} Its participant has not taken the fact that asks for it, cannot state its own, or still tries.");
    }

    private (OverdueStep? Overdue, DateTimeOffset? Due) OfEngine(OrchestrationMetadata? instance, TransactionProgress known, DateTimeOffset now)
    {
        var since = known.StartedAt;
        if (instance is null) return (new OverdueStep("", Owed.Wait, since, now, "The engine does not know its orchestration."), null);
        if (instance.IsCompleted)
        {
            return (new OverdueStep("", Owed.Wait, instance.LastUpdatedAt, now,
                $"Its orchestration is {instance.RuntimeStatus}, and its record has not been heard. {instance.FailureDetails?.ErrorMessage}".TrimEnd()), null);
        }

        var type = catalog.Pinned(known.Transaction.Definition, known.Transaction.Version);
        var definition = type.Definition.For(type.Restore(known.Transaction.Input));
        if (instance.ReadCustomStatusAs<TransactionStatus>() is not { } status)
            return (new OverdueStep("", Owed.Wait, since, now, $"Its orchestration is {instance.RuntimeStatus} and has not begun."), null);
        var patience = Coupling.PatienceOf(known.Transaction.Coordination);
        var (overdue, due) = Judged([.. known.Expected(Expectation.Of(definition, status, patience), patience)], now, late =>
        {
            var step = status.Steps[definition.Declared.Steps.TakeWhile(step => step.Name != late.Step.Name).Count()];
            var engine = instance.RuntimeStatus == OrchestrationRuntimeStatus.Running ? "" : $"Its orchestration is {instance.RuntimeStatus}. ";
            return $"{Silence(late)} {engine}It was tried {step.Attempts} times. {step.Reason}".TrimEnd();
        });
        // What is parked may go on at any time, and what follows it be late before anything else is.
        return (overdue, status.State == TransactionState.NeedsAttention && due > now + Again ? now + Again : due);
    }

    private static (OverdueStep? Overdue, DateTimeOffset? Due) Judged(
        IReadOnlyList<Expectation> awaited, DateTimeOffset now, Func<Expectation, string> reason)
    {
        if (awaited.MinBy(expected => expected.Due) is not { } first) return (null, null);
        var due = new DateTimeOffset(first.Due, TimeSpan.Zero);
        return due > now
            ? (null, due)
            : (new OverdueStep(first.Step.Name, first.Owed, new DateTimeOffset(first.Since, TimeSpan.Zero), due, reason(first)), due);
    }

    private static string Silence(Expectation late) =>
        $"Step '{late.Step.Name}' of {late.Step.Participant} is owed a {late.Owed} since {late.Since:O}, and {late.Limit} have passed.";
}

public sealed class WatchFlowsFunction(FlowWatch watch)
{
    [Function(nameof(WatchFlows))]
    public Task WatchFlows(
        [TimerTrigger("*/20 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        watch.RunAsync(client, cancellation);
}
