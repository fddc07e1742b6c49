using Atomic.EventSourcing;
using Atomic.TableStorage.Tables;

namespace Atomic.TableStorage;

/// <summary>Signs with the key that the read models' own lists are signed with.</summary>
internal sealed class TableContinuations(TableSet tables) : IContinuations
{
    private readonly ContinuationKey _key = new(tables);

    public async ValueTask<string> SealAsync(string next, string scope, CancellationToken cancellation) =>
        Continuation.Write(next, scope, await _key.GetAsync(cancellation));

    public async ValueTask<string> OpenAsync(string continuation, string scope, CancellationToken cancellation) =>
        Continuation.Read(continuation, scope, await _key.GetAsync(cancellation));
}
