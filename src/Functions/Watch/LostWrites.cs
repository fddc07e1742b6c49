using Atomic.EventSourcing;
using Atomic.Functions.Streams;

namespace Atomic.Functions.Watch;

/// <summary>Finds what a transaction has written, by all that it was told, and its streams do not hold: one of the two was restored, or lost.</summary>
public sealed class LostWrites(IEventStore events)
{
    /// <param name="tokens">Where the streams stood that it wrote to. One point read for each.</param>
    /// <returns>What is wrong with the first that is; null when all is there.</returns>
    public async Task<string?> FindAsync(string transaction, IEnumerable<string> tokens, CancellationToken cancellation)
    {
        foreach (var token in tokens)
        {
            if (!StreamPosition.TryParse(token, out var said) || AggregateCatalog.Find(said.Stream.Category) is not { } aggregate) continue;
            // Others may have written there since, and brought the stream to where it was: what counts is whose the events are.
            var commit = await aggregate.FindCommitAsync(events, said, cancellation);
            if (commit is not null && commit.Events[^1].Context.CorrelationId == transaction) continue;
            var head = await events.FindVersionAsync(said.Stream, cancellation);
            var there = head < said.Version ? $"that stream is at version {head}" : $"what that stream holds there is another's, and it is at version {head}";
            return $"It has written up to {said}, and {there}: one of the two was restored, or lost.";
        }

        return null;
    }
}
