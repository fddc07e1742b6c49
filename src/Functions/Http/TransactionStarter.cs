using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Operations;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Personal;
using Atomic.Functions.Tracking;
using Atomic.Messaging;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Http;

/// <summary>Starts a transaction once for each idempotency key, in the coupling that is asked for.</summary>
public sealed class TransactionStarter(
    TransactionCatalog catalog, TransactionReader reader, TransactionHandlers handlers, PersonalData personal, FactPublisher facts,
    ProgressKeeper progress, ICommandBus bus, TimeProvider time, Func<Guid> newId, ILogger<TransactionStarter> logger)
{
    private const int LongestKey = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>The transaction, started now or before.</returns>
    /// <exception cref="ProblemException">400, 404, 413, or 422 when the key was used with another body or coupling.</exception>
    public async Task<TransactionView> StartAsync(
        DurableTaskClient client, string definition, string? coordination, string? key, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var type = catalog.Newest(definition) ?? throw ProblemException.NotFound(
            $"The definition '{definition}' (there are: {string.Join(", ", catalog.Names)})");
        var coupling = coordination ?? Coupling.Requests;
        if (!Coupling.All.Contains(coupling))
            throw ProblemException.Invalid("coordination", $"'{coordination}' is not offered; there are: {string.Join(", ", Coupling.All)}.");
        if (key?.Length > LongestKey)
            throw ProblemException.Invalid("Idempotency-Key", $"has {key.Length} characters and may have at most {LongestKey}.");

        using var span = Traces.Start($"start {definition}", ActivityKind.Producer, null, null);
        var id = key is null ? newId().ToString("N") : IdOf(definition, key);
        span?.SetTag("atomic.transaction", id);
        var input = type.ReadInput(body, id);
        var fingerprint = FingerprintOf(key ?? id, coupling, input);

        // Looked for before anything is sealed, which would make a key anew for somebody who was erased meanwhile.
        var found = key is null ? null : await reader.FindAsync(client, id, cancellation);
        if (found is null)
        {
            CheckDeadline(type.Definition, coupling);
            var asked = new ClaimedStart(fingerprint, type.Definition.Version, time.GetUtcNow());
            var (claim, first) = key is null || coupling == Coupling.Events ? (Claim.First, asked) : await handlers.ClaimAsync(id, asked, cancellation);
            if (claim == Claim.OfAnother) throw Used();
            var start = new TransactionStart(
                definition, type.Definition.Version, coupling, fingerprint, InputSize.Checked(await personal.SealAsync(input, cancellation)), asked.At,
                Activity.Current?.Id)
            {
                DeadlineFromStart = true,
                RecordsCommit = true,
            };
            // The engine knows of no run, and may have lost one.
            if (claim == Claim.Again) start = (await BeforeAsync(id, start, first, cancellation)).Again();
            found = coupling == Coupling.Events
                ? await SendAsync(id, start, cancellation) ?? throw Used()
                : await ScheduleAsync(client, id, start, cancellation);
        }

        return found.Fingerprint == fingerprint ? found.View : throw Used();

        ProblemException Used() => new(
            StatusCodes.Status422UnprocessableEntity, "The key was used before.",
            $"Idempotency-Key '{key}' was used with another body or coordination.");
    }

    /// <summary>As the first with its key was started: under the same version, and if the tracker has heard of it, with no more time.</summary>
    private async Task<TransactionStart> BeforeAsync(string id, TransactionStart start, ClaimedStart first, CancellationToken cancellation)
    {
        var known = first.At is { } at ? await progress.FindAsync(id, at, cancellation) : null;
        return known is null ? start with { Version = first.Version ?? start.Version } : TransactionStart.Of(known.Transaction);
    }

    private static void CheckDeadline(Definition definition, string coupling)
    {
        if (Coupling.PatienceOf(coupling) is not { } patience || !(definition.Deadline < definition.LongestToPivot(patience))) return;
        throw ProblemException.Invalid(
            "coordination", $"'{coupling}' needs more than '{definition.Name}' has until its deadline of {definition.Deadline}: a try whose step has no time "
            + $"limit may go unanswered for {patience}, and until the pivot that can take {definition.LongestToPivot(patience)}.");
    }

    /// <summary>Null when another start with its key was first.</summary>
    private async Task<FoundTransaction?> SendAsync(string id, TransactionStart start, CancellationToken cancellation)
    {
        var command = new StartTransaction(start.ToHeader(id), start.Fingerprint);
        var message = new CommandMessage(
            TransactionHandlers.StartOf(id), nameof(StartTransaction), new EventContext(id, id, start.TraceParent), JsonSerializer.SerializeToElement(command, StorageJson.Options));
        await bus.SendAsync(StepDefinition.CommitParticipant, message, cancellation);
        if (await RecordedAsync(id, cancellation) is { } recorded) return recorded;

        // Who has the answer finds the transaction by its id. Its queue is long: what is recorded here, the message finds done.
        if (!(await handlers.HandleAsync(command, message.Invocation, cancellation)).Accepted) return null;
        return await reader.FindUncoordinatedAsync(id, cancellation)
            ?? throw new InvalidOperationException($"Transaction {id} was recorded and cannot be found.");
    }

    /// <summary>The transaction once its start is recorded; null when that takes long.</summary>
    private async Task<FoundTransaction?> RecordedAsync(string id, CancellationToken cancellation)
    {
        for (var pause = Pause; pause < Patience; pause *= 2)
        {
            await Task.Delay(pause, time, cancellation);
            if (await reader.FindUncoordinatedAsync(id, cancellation) is { } found) return found;
        }

        return null;
    }

    // Of two starts with one key at once, the one that the engine has not taken answers with the other.
    private async Task<FoundTransaction> ScheduleAsync(
        DurableTaskClient client, string id, TransactionStart start, CancellationToken cancellation)
    {
        try
        {
            await client.ScheduleTransactionAsync(id, start, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is { } other) return reader.Of(other);
            throw;
        }

        await TellAsync(id, start, cancellation);
        return reader.Of(await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation)
            ?? throw new InvalidOperationException($"Transaction {id} was started and cannot be found."));
    }

    /// <summary>Only who watches hears it, and hears all of it again at the end: a failure here costs a late appearance in lists.</summary>
    private async Task TellAsync(string id, TransactionStart start, CancellationToken cancellation)
    {
        try
        {
            await facts.PublishAsync(start.ToHeader(id), new Fact(FactKind.Started, ""), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Logs.StartNotTold(logger, id, e);
        }
    }

    /// <summary>The transaction that the key stands for.</summary>
    public static string IdOf(string definition, string key) => Digest($"{definition}\n{key}")[..32];

    /// <summary>Keyed by what its sender alone knows, since the input may tell about a person whose data is erased later.</summary>
    private static string FingerprintOf(string key, string coupling, object input)
    {
        var text = JsonSerializer.Serialize(input, input.GetType(), StorageJson.Options);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{coupling}\n{text}")));
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
