using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>A definition with what its start needs: how its input is read, checked and completed, and what it gives back.</summary>
public sealed record TransactionType(
    Definition Definition,
    Func<ReadOnlyMemory<byte>, string, object> ReadInput,
    Func<object, object> Output,
    Func<object, IEnumerable<string>> Keys)
{
    /// <summary>What it gives back is its input, as it was sent: not everybody who may look may see that.</summary>
    public bool GivesInput { get; init; }

    /// <param name="problems">What is wrong with an input, by field.</param>
    /// <param name="prepare">The input with the ids that the run will use, from the transaction's id; the same however often it is asked.</param>
    /// <param name="output">The ids by which what the run makes can be found; by default the input.</param>
    /// <param name="keys">The ids of the business by which people look for such a transaction; each costs a write at its start.</param>
    public static TransactionType Of<TInput>(
        Definition definition,
        Func<TInput, IEnumerable<(string Field, string Problem)>> problems,
        Func<TInput, string, TInput>? prepare = null,
        Func<TInput, object>? output = null,
        Func<TInput, IEnumerable<string>>? keys = null)
        where TInput : notnull => new(
            definition,
            (body, transaction) => ClosedJson.Read(body, problems) is var input && prepare is not null ? prepare(input, transaction) : input,
            input => output?.Invoke((TInput)input) ?? input,
            input => keys?.Invoke((TInput)input) ?? [])
        {
            GivesInput = output is null,
        };

    public object Restore(JsonElement input) => input.Deserialize(Definition.InputType, StorageJson.Options)!;
}

/// <summary>
/// Every definition that can be started, in every version that may still be running. New transactions take the newest; each runs to its
/// end under its own.
/// </summary>
public sealed class TransactionCatalog
{
    private readonly IReadOnlyList<TransactionType> _types;

    /// <exception cref="DefinitionException">A step names a participant or a command that does not exist; all such steps are named.</exception>
    public TransactionCatalog(IEnumerable<TransactionType> types, ParticipantDirectory participants)
    {
        _types = [.. types];
        foreach (var type in _types)
        {
            var problems = ProblemsOf(type.Definition, participants).ToList();
            if (problems.Count > 0) throw new DefinitionException(type.Definition.Name, problems);
        }

        if (_types.GroupBy(type => (type.Definition.Name, type.Definition.Version)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new DefinitionException(twice.Key.Name, [$"Its version {twice.Key.Version} is there {twice.Count()} times."]);
    }

    public IReadOnlyList<TransactionType> All => _types;

    public IEnumerable<string> Names => _types.Select(type => type.Definition.Name).Distinct();

    /// <summary>The newest version of a definition; null when there is none of that name.</summary>
    public TransactionType? Newest(string name) =>
        _types.Where(type => type.Definition.Name == name).MaxBy(type => type.Definition.Version);

    /// <exception cref="InvalidOperationException">A transaction runs under a version that this code no longer holds.</exception>
    public TransactionType Pinned(string name, int version) =>
        _types.FirstOrDefault(type => type.Definition.Name == name && type.Definition.Version == version)
        ?? throw new InvalidOperationException($"Definition '{name}' has no version {version} here; it must be kept while transactions run under it.");

    private static IEnumerable<string> ProblemsOf(Definition definition, ParticipantDirectory participants)
    {
        foreach (var step in definition.Declared.Steps)
        {
            if (participants.Find(step.Participant) is not { } participant)
            {
                yield return $"Step '{step.Name}' is for '{step.Participant}', which is no participant.";
                continue;
            }

            foreach (var command in new[] { step.Command, step.Compensation }.OfType<string>().Except(participant.Commands))
                yield return $"Step '{step.Name}' asks '{step.Participant}' for '{command}', which is no command of it.";
            if (step.DecisionLimit is not null && participant.Commands.Contains(step.Command) && !participant.TellsStreamOf(step.Command))
            {
                yield return $"Step '{step.Name}' waits for '{step.Command}', and '{step.Participant}' does not tell which stream that is for: "
                    + "what comes from outside could pass the step's record by.";
            }
        }
    }
}
