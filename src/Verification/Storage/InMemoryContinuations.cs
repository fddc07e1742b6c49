using System.Collections.Concurrent;
using Atomic.EventSourcing;

namespace Atomic.Verification.Storage;

/// <summary>Remembers what it gave, instead of signing it.</summary>
public sealed class InMemoryContinuations : IContinuations
{
    private readonly ConcurrentDictionary<string, (string Next, string Scope)> _given = new();

    public ValueTask<string> SealAsync(string next, string scope, CancellationToken cancellation)
    {
        var continuation = $"c{_given.Count}";
        _given[continuation] = (next, scope);
        return ValueTask.FromResult(continuation);
    }

    public ValueTask<string> OpenAsync(string continuation, string scope, CancellationToken cancellation) =>
        _given.TryGetValue(continuation, out var known) && known.Scope == scope ? ValueTask.FromResult(known.Next) : throw new ContinuationException();
}
