using System.Collections.Frozen;

namespace Atomic.Transactions.Costs;

/// <summary>What a prediction has to know of the app, beside the definition.</summary>
/// <param name="readers">Of each context, how many subscriptions take an event of it.</param>
/// <param name="hasProvider">Whether steps that reach an outside provider find one.</param>
public sealed class CostBasis(IEnumerable<KeyValuePair<string, int>> readers, bool hasProvider)
{
    private readonly FrozenDictionary<string, int> _readers = readers.ToFrozenDictionary();

    public bool HasProvider => hasProvider;

    /// <summary>Events of the context, each on its way to all who take it.</summary>
    public Usage Events(string context, int count) => new(Sent: count, Delivered: count * _readers.GetValueOrDefault(context));

    /// <summary>What is stated to who watches and to those it concerns, and the write by which who watches keeps it.</summary>
    public Usage Statement(int concerned) =>
        new Usage(Requests: 1) + Usage.Message(_readers.GetValueOrDefault(StepDefinition.CommitParticipant) + concerned);
}
