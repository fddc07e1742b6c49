using Atomic.LocalHost.Azurite;

namespace Atomic.LocalHost.CommandLine;

/// <summary>Table Storage for the app: one of the user's own, or the Azurite that is found or started while the rest of the host starts.</summary>
internal sealed class Storage : IAsyncDisposable
{
    private readonly CancellationTokenSource _giveUp;
    private readonly Task<AzuriteServer>? _azurite;

    private Storage(string? own, AzuriteOptions options, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        ConnectionString = own ?? AzuriteServer.ConnectionStringOf(options);
        _giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _azurite = own is null ? AzuriteServer.StartAsync(options, progress, time, _giveUp.Token) : null;
    }

    /// <summary>Known before anything answers there, see <see cref="ReadyAsync"/>.</summary>
    public string ConnectionString { get; }

    /// <param name="own">Connection string of the user's own; null for Azurite.</param>
    public static Storage Start(string? own, string dataFolder, Action<string> progress, TimeProvider time, CancellationToken cancellation) =>
        new(own, new AzuriteOptions { DataFolder = dataFolder }, progress, time, cancellation);

    /// <summary>Ends when Azurite answers.</summary>
    /// <exception cref="AzuriteException">It cannot be had.</exception>
    public Task ReadyAsync() => _azurite ?? Task.CompletedTask;

    /// <summary>What it is, in words.</summary>
    /// <param name="reset">Whether the host was to start from nothing: what was running already keeps its rows.</param>
    public async Task<string> DescribeAsync(bool reset)
    {
        var kept = reset ? ": --reset leaves its rows as they are" : "";
        if (_azurite is null) return $"as --storage says{kept}";
        return (await _azurite).Started ? "Azurite, started" : $"Azurite, which was running already{kept}";
    }

    /// <summary>Stops the Azurite that was started, or the attempt to start it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _giveUp.CancelAsync();
        if (_azurite is not null)
        {
            await ((Task)_azurite).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_azurite.IsCompletedSuccessfully) await _azurite.Result.DisposeAsync();
        }

        _giveUp.Dispose();
    }
}
