using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Participants;
using Atomic.Functions.Personal;
using Atomic.Functions.Tracking;
using Atomic.Messaging;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>
/// Takes what people want of transactions: held against how the transaction stands now, then sent as a command, which is recorded before it
/// has any effect. That it was taken is no promise: a cancel, say, may still meet a pivot that has been done.
/// </summary>
public sealed partial class TransactionControl(
    TransactionReader reader, OrchestratedTransactions orchestrated, StepMemory memory, AwaitedAnswers answers, ParticipantDirectory participants,
    PersonalData personal, ICommandBus bus, ProgressKeeper progress, TimeProvider time, Func<Guid> newId)
{
    private const string Done = "done";

    private static readonly string[] Outcomes = [Done, "undone"];

    public async Task<TransactionView> CancelAsync(DurableTaskClient client, string id, Asked asked, CancellationToken cancellation)
    {
        var found = await FindAsync(client, id, cancellation);
        if (found.View.State is TransactionState.Completed or TransactionState.Compensated)
            throw TooLate($"Transaction '{id}' has ended: {found.View.State}.");
        if (found.Find(found.Definition.Pivot)?.State == StepState.Succeeded)
            throw TooLate($"Transaction '{id}' is past its pivot '{found.Definition.Pivot}'.");
        await SendAsync(new CancelTransaction(id, asked.By, asked.Why), id, cancellation);
        return found.View;
    }

    public async Task<TransactionView> RetryAsync(DurableTaskClient client, string id, string step, RetryAsked retry, CancellationToken cancellation)
    {
        var (found, _) = await FindParkedAsync(client, id, step, cancellation);
        JsonElement? corrected = null;
        if (retry.Input is { } input)
        {
            if (!found.Definition.MustSucceed(found.Definition[step]))
                throw TooLate($"Step '{step}' was tried with its input and may have had an effect; only a forward-only or held step takes another.");
            corrected = InputSize.Checked(await personal.SealAsync(found.Type.ReadInput(Encoding.UTF8.GetBytes(input.GetRawText()), id), cancellation));
        }

        await SendAsync(new RetryStep(id, step, retry.By, retry.Why, corrected), id, cancellation);
        return found.View;
    }

    public async Task<TransactionView> ResolveAsync(
        DurableTaskClient client, string id, string step, Resolution resolution, CancellationToken cancellation)
    {
        var (found, act) = await FindParkedAsync(client, id, step, cancellation);
        if (act is not { } parked)
            throw TooLate($"Step '{step}' of transaction '{id}' stands still before anybody knows what is owed to it: it can only be retried.");
        var possible = Outcomes.Where(outcome => Participation.Declared(found.Definition, step, parked, outcome == Done) is not null).ToList();
        if ((resolution.Outcome ?? (possible is [var only] ? only : null)) is not { } outcome || !possible.Contains(outcome))
            throw ProblemException.Invalid("outcome", $"must be {string.Join(" or ", possible)}: {WhyOf(found.Definition, step, parked)}.");
        await SendAsync(new ResolveStep(id, step, outcome == Done, resolution.By, resolution.Why), id, cancellation);
        return found.View;
    }

    private static string WhyOf(Definition definition, string step, Act parked) => parked switch
    {
        Act.Undo => $"what stands still is the undo of step '{step}'",
        Act.Refuse => $"nobody knows whether step '{step}' was done",
        _ when definition.KindOf(step) == StepKind.ForwardOnly => $"step '{step}' is past the pivot",
        _ => $"step '{step}' may go either way",
    };

    private async Task<FoundTransaction> FindAsync(DurableTaskClient client, string id, CancellationToken cancellation) =>
        await reader.FindAsync(client, id, cancellation) ?? throw ProblemException.NotFound($"Transaction '{id}'");

    /// <returns>With what stands still; null when that is not known.</returns>
    private async Task<(FoundTransaction Found, Act? Parked)> FindParkedAsync(DurableTaskClient client, string id, string step, CancellationToken cancellation)
    {
        var found = await FindAsync(client, id, cancellation);
        if (found.Find(step) is not { } known || found.Definition.Find(step) is null)
            throw ProblemException.NotFound($"Step '{step}' of transaction '{id}'");
        if (found.Header is null)
        {
            // A status of an earlier version does not tell; whoever acts on the order knows.
            var unsaid = found.Definition.KindOf(step) == StepKind.ForwardOnly ? Act.Do : Act.Refuse;
            return known.State == StepState.Parked ? (found, known.Parked ?? unsaid) : throw NotParked();
        }

        // The tracker may not have heard yet that it is parked; but what it has heard the end of is not.
        var hasEnded = known.State is StepState.Refused or StepState.Undone or StepState.Skipped;
        return !hasEnded && (await memory.FindAsync(id, step, cancellation))?.Parked is { } parked ? (found, parked.Act) : throw NotParked();

        ProblemException NotParked() => TooLate($"Step '{step}' of transaction '{id}' is not parked: {known.State}.");
    }

    private Task SendAsync<TCommand>(TCommand command, string transaction, CancellationToken cancellation)
    {
        var id = newId().ToString("N");
        var data = JsonSerializer.SerializeToElement(command, StorageJson.Options);
        return bus.SendAsync(
            StepDefinition.CommitParticipant, new CommandMessage(id, typeof(TCommand).Name, new EventContext(transaction, id, Activity.Current?.Id), data), cancellation);
    }

    private static ProblemException TooLate(string detail) => new(StatusCodes.Status409Conflict, "Not now.", detail);
}
