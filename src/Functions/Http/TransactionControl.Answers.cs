using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Services.Approvals;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>What steps are told that wait for it.</summary>
public sealed partial class TransactionControl
{
    public async Task<TransactionView> DecideAsync(
        DurableTaskClient client, string id, string step, Decision decision, CancellationToken cancellation)
    {
        var found = await FindTrackedAsync(client, id, cancellation);
        if (found.Definition.Find(step) is not { DecisionLimit: not null, Command: nameof(Decide) } declared)
            throw ProblemException.NotFound($"Approval '{step}' of transaction '{id}'");
        return await AnswerAsync(found, declared, new Decide(decision.Approved, decision.By, decision.Comment), decision.By, cancellation);
    }

    /// <summary>An event from outside has come, with the data of the command that carries its step out.</summary>
    public async Task<TransactionView> TellAsync(
        DurableTaskClient client, string id, string step, ReadOnlyMemory<byte> body, string by, CancellationToken cancellation)
    {
        var found = await FindTrackedAsync(client, id, cancellation);
        if (found.Definition.Find(step) is not { DecisionLimit: not null, Command: not nameof(Decide) } declared)
            throw ProblemException.NotFound($"Event '{step}' of transaction '{id}'");
        var participant = participants[declared.Participant];
        var expected = participant.StreamOf(declared.MakeCommand(found.Input));
        var command = ClosedJson.Read(
            body, participant.TypeOf(declared.Command),
            sent => [.. ProblemsOf(sent, participant.StreamOf(sent), expected), .. declared.Problems(sent)]);
        return await AnswerAsync(found, declared, command, by, cancellation);
    }

    private async Task<FoundTransaction> FindTrackedAsync(DurableTaskClient client, string id, CancellationToken cancellation) =>
        await reader.FindTrackedAsync(client, id, fresh: false, cancellation) ?? throw ProblemException.NotFound($"Transaction '{id}'");

    /// <summary>The record that a limit or a cancel asks is where the definition says. What is for elsewhere would be done beside it.</summary>
    private static IEnumerable<(string Field, string Problem)> ProblemsOf(object command, string? stream, string? expected)
    {
        if (stream == expected) yield break;
        var fields = JsonSerializer.SerializeToElement(command, command.GetType(), StorageJson.Options).EnumerateObject();
        var field = fields.Where(one => one.Value.ValueKind == JsonValueKind.String && one.Value.GetString() == stream)
            .Select(one => one.Name).FirstOrDefault();
        yield return (field ?? "body", $"is about '{stream}', and '{expected}' is waited for.");
    }

    /// <summary>Tells a step what it waits for. The first who does is taken at their word; who says the same again does no harm.</summary>
    private async Task<TransactionView> AnswerAsync(
        FoundTransaction found, StepDefinition step, object command, string by, CancellationToken cancellation)
    {
        var (id, state) = (found.View.Id, found.Find(step.Name)!.State);
        if (!(await answers.GivenAsync(id, cancellation)).TryGetValue(step.Name, out var given))
        {
            if (!await AwaitsAsync(found, step.Name, state, cancellation))
                throw TooLate($"Step '{step.Name}' of transaction '{id}' does not wait for a decision or an event: {state}.");
            given = await answers.GiveAsync(id, step.Name, command, by, cancellation);
        }

        // Whoever waits for it may not have heard it.
        if (state is StepState.Running or StepState.Waiting)
        {
            await answers.SendAsync(id, found.Definition, step, found.Header, given, cancellation);
            if (found.Progress is { } known) await progress.AnsweredAsync(known.Transaction, step.Name, time.GetUtcNow(), cancellation);
        }

        return await answers.SaysAsync(given, command, cancellation)
            ? found.View
            : throw TooLate($"Step '{step.Name}' of transaction '{id}' does not wait for a decision or an event any more: {given.By} was first.");
    }

    /// <summary>Whether it is owed. Where nobody coordinates, who watches may know first, or the participant that has been asked to wait.</summary>
    private async Task<bool> AwaitsAsync(FoundTransaction found, string step, StepState state, CancellationToken cancellation) =>
        state == StepState.Running
        || (state == StepState.Waiting && found.Header is not null && await memory.FindAsync(found.View.Id, step, cancellation) is { AwaitsDecision: true });
}
