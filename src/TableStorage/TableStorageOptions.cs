namespace Atomic.TableStorage;

/// <summary>How Table Storage is used. The defaults suit an app of a few instances.</summary>
public sealed class TableStorageOptions
{
    /// <summary>Of how many streams the head is kept in memory after a write; 1 to 1,000,000. It saves the next append a read.</summary>
    public int WarmStreams { get; set; } = 10_000;

    /// <summary>Of how many read model rows the newest is kept in memory after a write; 1 to 1,000,000.</summary>
    public int WarmRows { get; set; } = 10_000;

    /// <summary>How many connections to the account may be open at once; 1 to 1,000. More requests than that wait.</summary>
    public int Connections { get; set; } = 128;

    /// <summary>How long one try of a request may take; 1 second to 5 minutes.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a request is repeated after it got no answer, or one that says to try again; 0 to 10.</summary>
    public int Retries { get; set; } = 5;

    /// <summary>The wait before the first repetition, which then grows; 1 millisecond to 10 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What sends the requests, in place of a handler of our own: to go through a proxy, or to fail as a test says.</summary>
    public HttpMessageHandler? Handler { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it.</exception>
    internal void Check()
    {
        InRange(WarmStreams, 1, 1_000_000, nameof(WarmStreams));
        InRange(WarmRows, 1, 1_000_000, nameof(WarmRows));
        InRange(Connections, 1, 1_000, nameof(Connections));
        InRange(TryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), nameof(TryTimeout));
        InRange(Retries, 0, 10, nameof(Retries));
        InRange(RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), nameof(RetryDelay));
    }

    private static void InRange<T>(T value, T least, T most, string name) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(name, value, $"It must be from {least} to {most}.");
    }
}
