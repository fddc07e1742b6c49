namespace Atomic.LocalHost.Azurite;

/// <summary>Azurite, the emulator of Azure Storage: one that listens already, or one that is installed and started.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    // Not a secret: the one account of every emulator, as Microsoft documents it.
    private const string Account =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    // Longer than it is given to end before it is killed.
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilentLimit = TimeSpan.FromSeconds(30);

    private readonly AzuriteKeeper? _keeper;

    private AzuriteServer(AzuriteOptions options, AzuriteKeeper? keeper)
    {
        _keeper = keeper;
        ConnectionString = ConnectionStringOf(options);
    }

    public string ConnectionString { get; }

    /// <summary>False when it was found listening: then it is left as it was found.</summary>
    public bool Started => _keeper is not null;

    /// <summary>How it is reached once it answers.</summary>
    public static string ConnectionStringOf(AzuriteOptions options) => $"DefaultEndpointsProtocol=http;{Account};" + string.Concat(
        options.Services.Select(service => $"{service.Name}Endpoint=http://127.0.0.1:{service.Port}/devstoreaccount1;"));

    /// <summary>Returns once all three of its services answer.</summary>
    /// <param name="progress">Told in a line what is being waited for, whenever it takes more than two seconds.</param>
    /// <exception cref="AzuriteException">It cannot be had; the message says why, and the way out.</exception>
    public static async Task<AzuriteServer> StartAsync(
        AzuriteOptions options, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        await LeftBehindAsync(options.DataFolder, progress, time, cancellation);
        if (await IsListeningAsync(options, time, cancellation)) return new AzuriteServer(options, null);

        var node = Executable.Find("node", options.SearchPath);
        var installation = new AzuriteInstallation(options, time);
        var installing = $"Installing Azurite {AzuriteOptions.Version} into {options.CacheFolder}, this once";
        var script = await Progress.TellAsync(installation.InstallAsync(cancellation), installing, progress, time);
        var keeper = AzuriteKeeper.Start(node, script, options);
        try
        {
            var answers = AnswersAsync(keeper, options, time, cancellation);
            var started = await Progress.TellAsync(answers, "Waiting for Azurite to answer", progress, time);
            if (started) return new AzuriteServer(options, keeper);
            await keeper.DisposeAsync();
            return new AzuriteServer(options, null);
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when no Azurite that is about to end is left on the data, which the next one could neither use nor replace.</summary>
    internal static Task LeftBehindAsync(string dataFolder, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        return Progress.TellAsync(GoneAsync(), "Waiting for the Azurite of a host that was killed to save its data", progress, time);

        async Task GoneAsync()
        {
            var began = time.GetTimestamp();
            while (AzuriteKeeper.AnyLeftBehind(dataFolder) && time.GetElapsedTime(began) < LeaveLimit)
                await Task.Delay(BetweenLooks, time, cancellation);
        }
    }

    public ValueTask DisposeAsync() => _keeper?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>True when Azurite listens on every port, false when nothing listens on any.</summary>
    private static async Task<bool> IsListeningAsync(AzuriteOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var found = await Listeners.FindAsync(options, cancellation);
            if (found.FirstOrDefault(one => one.Listener == Listener.Other) is { Service: { } taken }) throw Taken(taken);
            if (found.All(one => one.Listener == Listener.Azurite)) return true;
            if (found.All(one => one.Listener == Listener.None)) return false;
            // One that is starting or stopping has some of its ports open, and one that is busy takes its time.
            var silent = found.FirstOrDefault(one => one.Listener == Listener.Silent).Service;
            if (silent is null && time.GetElapsedTime(began) > SettleLimit) throw InPart(found);
            if (silent is not null && time.GetElapsedTime(began) > SilentLimit) throw Taken(silent);
            await Task.Delay(BetweenLooks, time, cancellation);
        }
    }

    /// <summary>True when it is this one that answers, false when another process was first to start one on these ports.</summary>
    private static async Task<bool> AnswersAsync(
        AzuriteKeeper keeper, AzuriteOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var exited = keeper.HasExited;
            var found = await Listeners.FindAsync(options, cancellation);
            if (found.All(one => one.Listener == Listener.Azurite) && (exited || keeper.Listens)) return !exited;
            // What has the ports instead of this one may be the Azurite of another, and is busy while it starts.
            if (exited && !found.Any(one => one.Listener is Listener.Azurite or Listener.Silent)) throw Exited(keeper, options);
            if (time.GetElapsedTime(began) > StartLimit) throw Silent(keeper);
            await Task.Delay(BetweenLooks, time, cancellation);
        }
    }

    private static AzuriteException Taken(AzuriteService service) => new(
        $"Port {service.Port}, which Azurite's {service.Name} service needs, is taken by something that is not Azurite: "
        + "stop that, or name a storage of your own with --storage CONNECTION.");

    private static AzuriteException InPart(IReadOnlyList<(AzuriteService Service, Listener Listener)> found) => new(
        $"Azurite listens on port {Ports(found, Listener.Azurite)} but not on {Ports(found, Listener.None)}: "
        + "stop it, and it will be started whole, or name it with --storage CONNECTION.");

    private static AzuriteException Exited(AzuriteKeeper keeper, AzuriteOptions options) => new(
        $"Azurite ended with exit code {keeper.ExitCode} before it answered ({Sentence.Of(keeper.Output)}): "
        + $"see to what it says, remove {options.DataFolder} if its data is damaged, or name another storage with --storage CONNECTION.");

    private static AzuriteException Silent(AzuriteKeeper keeper) => new(
        $"Azurite does not answer {StartLimit.TotalSeconds:0} s after its start ({Sentence.Of(keeper.Output)}): "
        + "try again, or name a storage of your own with --storage CONNECTION.");

    private static string Ports(IEnumerable<(AzuriteService Service, Listener Listener)> found, Listener listener) =>
        string.Join(" and ", found.Where(one => one.Listener == listener).Select(one => one.Service.Port));
}
