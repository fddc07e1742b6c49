using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Functions.Orchestration;

/// <summary>What an orchestration is started with. The version is pinned here.</summary>
public sealed record TransactionStart(string Definition, int Version, string Coordination, string Fingerprint, JsonElement Input);

/// <summary>One step's command on its way to its participant.</summary>
/// <param name="Step">With the transaction the key of the barrier's record, for the do and the undo alike.</param>
public sealed record StepCall<TCommand>(string Transaction, string Step, int Attempt, TCommand Command)
{
    public Invocation ToInvocation() =>
        new($"{Transaction}:{Step}", new EventContext(Transaction, $"{Transaction}:{Step}:{Attempt}", Actor: "transaction"));
}
