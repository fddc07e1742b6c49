using System.Security.Cryptography;
using System.Text;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Personal;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>Starts a transaction once for each idempotency key.</summary>
public sealed class TransactionStarter(TransactionCatalog catalog, PersonalData personal, Func<Guid> newId)
{
    private const int LongestKey = 200;

    /// <returns>The transaction, started now or before.</returns>
    /// <exception cref="ProblemException">400, 404, or 422 when the key was used with another body.</exception>
    public async Task<TransactionView> StartAsync(
        DurableTaskClient client, string definition, string? coordination, string? key, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var type = catalog.Newest(definition) ?? throw ProblemException.NotFound(
            $"The definition '{definition}' (there are: {string.Join(", ", catalog.Names)})");
        if (coordination is not (null or "requests"))
            throw ProblemException.Invalid("coordination", $"'{coordination}' is not offered; 'requests' is.");
        if (key?.Length > LongestKey)
            throw ProblemException.Invalid("Idempotency-Key", $"has {key.Length} characters and may have at most {LongestKey}.");

        var id = key is null ? newId().ToString("N") : IdOf(definition, key);
        var input = await personal.SealAsync(type.ReadInput(body, id), cancellation);
        var start = new TransactionStart(definition, type.Definition.Version, "requests", Digest(input.GetRawText()), input);

        var existing = key is null ? null : await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation);
        existing ??= await ScheduleAsync(client, id, start, cancellation);
        return existing.ReadInputAs<TransactionStart>()!.Fingerprint == start.Fingerprint
            ? TransactionView.Of(existing, catalog)
            : throw new ProblemException(
                StatusCodes.Status422UnprocessableEntity, "The key was used before.", $"Idempotency-Key '{key}' was used with another body.");
    }

    // Two starts with one key at once: the engine takes one of them. Were it to take the second after the first has ended, as the
    // real one does, the run would meet its own barrier records at every step and end as the first did.
    private static async Task<OrchestrationMetadata> ScheduleAsync(
        DurableTaskClient client, string id, TransactionStart start, CancellationToken cancellation)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TransactionOrchestrator.RunTransaction), start, new StartOrchestrationOptions(id), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is { } other) return other;
            throw;
        }

        return await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation)
            ?? throw new InvalidOperationException($"Transaction {id} was started and cannot be found.");
    }

    private static string IdOf(string definition, string key) => Digest($"{definition}\n{key}")[..32];

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
