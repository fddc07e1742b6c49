using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Personal;
using Atomic.Messaging;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>Starts a transaction once for each idempotency key, in the coupling that is asked for.</summary>
public sealed class TransactionStarter(
    TransactionCatalog catalog, TransactionReader reader, PersonalData personal, FactPublisher facts, ICommandBus bus, TimeProvider time,
    Func<Guid> newId)
{
    private const int LongestKey = 200;

    /// <summary>In coupling <c>events</c> the input travels with every fact, and a message of the broker holds 256 KiB.</summary>
    private const int LargestEventsInput = 160 * 1024;

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

        var id = key is null ? newId().ToString("N") : IdOf(definition, key);
        var input = await personal.SealAsync(type.ReadInput(body, id), cancellation);
        var start = new TransactionStart(definition, type.Definition.Version, coupling, Digest($"{coupling}\n{input.GetRawText()}"), input, time.GetUtcNow(), Activity.Current?.Id);

        var found = key is null ? null : await reader.FindAsync(client, id, cancellation);
        found ??= coupling == Coupling.Events
            ? await SendAsync(id, start, cancellation)
            : await ScheduleAsync(client, id, start, cancellation);
        return found.Fingerprint == start.Fingerprint
            ? found.View
            : throw new ProblemException(
                StatusCodes.Status422UnprocessableEntity, "The key was used before.",
                $"Idempotency-Key '{key}' was used with another body or coordination.");
    }

    private async Task<FoundTransaction> SendAsync(string id, TransactionStart start, CancellationToken cancellation)
    {
        if (start.Input.GetRawText().Length > LargestEventsInput)
        {
            throw new ProblemException(
                StatusCodes.Status413PayloadTooLarge, "The input is too large for this coordination.",
                $"With coordination '{Coupling.Events}' an input may have at most {LargestEventsInput} characters.");
        }

        var header = TransactionHeader.Of(id, start);
        var command = JsonSerializer.SerializeToElement(new StartTransaction(header, start.Fingerprint), StorageJson.Options);
        var message = new CommandMessage($"{id}:start", nameof(StartTransaction), new EventContext(id, id), command);
        await bus.SendAsync(StepDefinition.CommitParticipant, message, cancellation);
        return await RecordedAsync(id, cancellation) ?? reader.Starting(header, start.Fingerprint, time.GetUtcNow());
    }

    /// <summary>The transaction once its start is recorded, so that who started it finds it by its id; null when that takes long.</summary>
    private async Task<FoundTransaction?> RecordedAsync(string id, CancellationToken cancellation)
    {
        for (var pause = Pause; pause < Patience; pause *= 2)
        {
            await Task.Delay(pause, time, cancellation);
            if (await reader.FindUncoordinatedAsync(id, cancellation) is { } found) return found;
        }

        return null;
    }

    // Two starts with one key at once: the engine takes one of them. Were it to take the second after the first has ended, as the
    // real one does, the run would meet its own barrier records at every step and end as the first did.
    private async Task<FoundTransaction> ScheduleAsync(
        DurableTaskClient client, string id, TransactionStart start, CancellationToken cancellation)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TransactionOrchestrator.RunTransaction), start, new StartOrchestrationOptions(id), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is { } other) return reader.Of(other);
            throw;
        }

        // Only who watches hears it, and hears all of it again at the end: a crash here costs a late appearance in lists.
        await facts.PublishAsync(TransactionHeader.Of(id, start), new Fact(FactKind.Started, ""), cancellation);
        return reader.Of(await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation)
            ?? throw new InvalidOperationException($"Transaction {id} was started and cannot be found."));
    }

    private static string IdOf(string definition, string key) => Digest($"{definition}\n{key}")[..32];

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
