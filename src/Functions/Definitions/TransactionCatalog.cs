using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>A definition with what its start needs: how its input is read, checked and completed, and what it gives back.</summary>
public sealed record TransactionType(
    Definition Definition,
    Func<ReadOnlyMemory<byte>, string, object> ReadInput,
    Func<object, object> Output)
{
    public static TransactionType Of<TInput>(
        Definition definition,
        Func<TInput, IEnumerable<(string Field, string Problem)>> problems,
        Func<TInput, string, TInput> prepare,
        Func<TInput, object> output)
        where TInput : notnull => new(
            definition,
            (body, transaction) => prepare(ClosedJson.Read(body, problems), transaction),
            input => output((TInput)input));

    public object Restore(JsonElement input) => input.Deserialize(Definition.InputType, StorageJson.Options)!;
}

/// <summary>Every definition that can be started, in every version that may still be running.</summary>
public sealed class TransactionCatalog
{
    private readonly IReadOnlyList<TransactionType> _types =
    [
        TransactionType.Of<PlaceOrder>(
            PlaceOrder.Definition, input => input.Problems(), (input, transaction) => input.Prepare(transaction), input => input.Output()),
    ];

    public IEnumerable<string> Names => _types.Select(type => type.Definition.Name).Distinct();

    /// <summary>The newest version of a definition; null when there is none of that name.</summary>
    public TransactionType? Newest(string name) =>
        _types.Where(type => type.Definition.Name == name).MaxBy(type => type.Definition.Version);

    /// <exception cref="InvalidOperationException">A transaction runs under a version that this code no longer holds.</exception>
    public TransactionType Pinned(string name, int version) =>
        _types.FirstOrDefault(type => type.Definition.Name == name && type.Definition.Version == version)
        ?? throw new InvalidOperationException($"Definition '{name}' has no version {version} here; it must be kept while transactions run under it.");
}
