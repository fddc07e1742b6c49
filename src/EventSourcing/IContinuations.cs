namespace Atomic.EventSourcing;

/// <summary>
/// Where a list goes on, as its caller carries it: signed, and good only for the list it was given for. All instances of the app take what
/// any of them gave.
/// </summary>
public interface IContinuations
{
    /// <param name="next">Where the list goes on, as whoever reads it understands it.</param>
    /// <param name="scope">The list: its name and whatever it is narrowed to.</param>
    ValueTask<string> SealAsync(string next, string scope, CancellationToken cancellation);

    /// <exception cref="ContinuationException"><see cref="SealAsync"/> never returned it for this list.</exception>
    ValueTask<string> OpenAsync(string continuation, string scope, CancellationToken cancellation);
}
