using System.Diagnostics;
using System.Globalization;

namespace Atomic.LocalHost.Azurite;

/// <summary>
/// Runs Azurite through a small process that stands between the two. Azurite gets a session of its own, so that a Ctrl-C in the terminal
/// reaches the host alone, which stops Azurite last; its output goes to a file, so that it does not fall with the host's pipes; and it is
/// asked to stop by a message, upon which it saves its data, on every system. When the host is killed it stops Azurite all the same.
/// </summary>
internal sealed class AzuriteKeeper : IAsyncDisposable
{
    private const string Program =
        """
        const { spawn } = require('node:child_process');
        const { openSync } = require('node:fs');
        const [log, ...command] = process.argv.slice(1);
        const output = openSync(log.replace('*', process.pid), 'w');
        const azurite = spawn(process.execPath, command, { detached: true, windowsHide: true, stdio: ['ignore', output, output, 'ipc'] });
        const stop = () => {
          if (azurite.connected) azurite.send('shutdown');
          setTimeout(() => azurite.kill('SIGKILL'), 15000).unref();
        };
        azurite.on('exit', code => process.exit(code ?? 1));
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
        process.stdin.once('data', stop);
        process.stdin.on('end', stop);
        """;

    /// <summary>What loads Azurite, and mends it as it is loaded: see <c>quickly.js</c>.</summary>
    internal static readonly string Quickly = Read("quickly.js");

    private readonly Process _process;
    private readonly string _log;

    private AzuriteKeeper(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What Azurite printed.</summary>
    public string Output => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Whether it is this Azurite that listens, and not another on the same ports.</summary>
    public bool Listens => Output.Contains("Table service is successfully listening", StringComparison.Ordinal);

    public static AzuriteKeeper Start(string node, string script, AzuriteOptions options)
    {
        Directory.CreateDirectory(options.DataFolder);
        RemoveLogsOfTheDead(options.DataFolder);
        string[] persistence = options.InMemory ? ["--inMemoryPersistence"] : ["--location", options.DataFolder];
        string[] azurite =
        [
            "-e", Quickly, "--", script, .. persistence, "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            "--blobHost", "127.0.0.1", "--blobPort", $"{options.BlobPort}",
            "--queueHost", "127.0.0.1", "--queuePort", $"{options.QueuePort}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{options.TablePort}",
            // Longer than a client keeps an idle connection: it is the client that closes, and never on a request under way.
            "--tableKeepAliveTimeout", "300",
        ];
        var logs = Path.Combine(options.DataFolder, $"azurite-{Environment.ProcessId}-*.log");
        var process = Process.Start(Executable.StartInfo(node, ["-e", Program, "--", logs, .. azurite], options.SearchPath))!;
        return new AzuriteKeeper(process, logs.Replace("*", $"{process.Id}", StringComparison.Ordinal));
    }

    /// <summary>Stops Azurite, and waits until it has saved its data and is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            try
            {
                await _process.StandardInput.WriteLineAsync("stop");
                await _process.StandardInput.FlushAsync();
            }
            catch (IOException)
            {
                // It ended by itself just now.
            }
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Whether the Azurite of a host that was killed is still saving its data here, before it ends.</summary>
    public static bool AnyLeftBehind(string folder)
    {
        if (!Directory.Exists(folder)) return false;
        var running = Running();
        return LogsIn(folder).Any(log => running.Contains(log.Keeper) && !running.Contains(log.Host));
    }

    private static string Read(string resource)
    {
        using var text = new StreamReader(typeof(AzuriteKeeper).Assembly.GetManifestResourceStream(resource)!);
        return text.ReadToEnd();
    }

    private static void RemoveLogsOfTheDead(string folder)
    {
        var running = Running();
        foreach (var log in LogsIn(folder).Where(log => !running.Contains(log.Keeper))) File.Delete(log.File);
    }

    private static HashSet<int> Running() => [.. Process.GetProcesses().Select(process => process.Id)];

    /// <summary>The logs, each named by the host that started its Azurite and by the process between the two.</summary>
    private static IEnumerable<(string File, int Host, int Keeper)> LogsIn(string folder) =>
        from file in Directory.EnumerateFiles(folder, "azurite-*.log")
        let parts = Path.GetFileNameWithoutExtension(file).Split('-')
        where parts.Length == 3
        select (file, int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
}
