using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atomic.Testing.Hosting;

/// <summary>The local host as its user runs it: a process of its own, on a free port, that can be stopped, killed and started again.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Above those that are known for a service, below those that systems take for connections.
    private const int LowestPort = 11_000;
    private const int HighestPort = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    private readonly StringBuilder _output = new();
    private readonly string[] _arguments;
    private Process? _process;

    /// <param name="storage">Null to let the host find or start Azurite itself.</param>
    public HostProcess(string data, string? storage, int? port = null, params string[] more)
    {
        Port = port ?? FreePort();
        string[] ofStorage = storage is null ? [] : ["--storage", storage];
        _arguments = ["--port", $"{Port}", "--data", data, .. ofStorage, .. more];
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = Patience };
    }

    public int Port { get; }

    public HttpClient Client { get; }

    /// <summary>Where it finds other programs; null for where this process does.</summary>
    public string? SearchPath { get; init; }

    /// <summary>What its environment has beside that of this process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The files that its process has in memory, as Linux tells it.</summary>
    public IReadOnlyList<string> Mapped =>
        [.. File.ReadLines($"/proc/{_process!.Id}/maps").Select(line => Path.GetFileName(line.Split(' ')[^1])).Where(name => name.Length > 0).Distinct()];

    /// <summary>All that it has printed, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public static async Task<HostProcess> StartedAsync(string data, string storage, params string[] more)
    {
        var host = new HostProcess(data, storage, more: more);
        await host.StartAsync();
        return host;
    }

    /// <summary>Starts it, and returns when it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message has its exit code and all that it printed.</exception>
    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Start(line =>
        {
            if (line.StartsWith("Ready: ", StringComparison.Ordinal)) ready.TrySetResult();
        });
        var ended = _process.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, ended, Task.Delay(Patience, TimeProvider.System));
        if (first == ready.Task) return;
        throw first == ended
            ? new InvalidOperationException($"The host ended with exit code {_process.ExitCode} before it was ready:\n{Output}")
            : new TimeoutException($"The host was not ready within {Patience.TotalSeconds} s:\n{Output}");
    }

    /// <summary>Asks it to end, as Ctrl-C does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        var process = _process!;
        using (var signal = Process.Start("kill", ["-TERM", $"{process.Id}"])) await signal.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        _process = null;
        using (process) return process.ExitCode;
    }

    /// <summary>Ends it as a power cut would: no signal that it could handle.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Runs a host to its end, for arguments with which it is not meant to stay.</summary>
    /// <returns>Its exit code and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
    }

    /// <summary>A port that nothing listens on, that nobody was given before, and that no connection from here to elsewhere takes meanwhile.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(LowestPort, HighestPort);
            if (Given.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Anywhere but in the repository: the host finds its files by itself.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Atomic.LocalHost.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private Process Start(Action<string> line)
    {
        var start = StartInfo(_arguments);
        if (SearchPath is not null) start.Environment["PATH"] = SearchPath;
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += Received;
        process.ErrorDataReceived += Received;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Received(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null) return;
            lock (_output) _output.AppendLine(e.Data);
            line(e.Data);
        }
    }
}
