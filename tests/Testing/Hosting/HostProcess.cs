using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atomic.Testing.Hosting;

/// <summary>The local host as its user runs it: a process of its own, on a free port, that can be killed and started again.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly string[] _arguments;
    private Process? _process;

    public HostProcess(string data, string storage, int? port = null, params string[] more)
    {
        Port = port ?? FreePort();
        _arguments = ["--port", $"{Port}", "--data", data, "--storage", storage, .. more];
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int Port { get; }

    public HttpClient Client { get; }

    /// <summary>All that it has printed, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts it, and returns when it says that it is ready.</summary>
    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Start(_arguments, line =>
        {
            if (line.StartsWith("Ready: ", StringComparison.Ordinal)) ready.TrySetResult();
        });
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The host ended before it was ready:\n{Output}"));
        await ready.Task.WaitAsync(Patience);
    }

    /// <summary>Runs it to its end, for arguments with which it is not meant to stay.</summary>
    public async Task<int> RunToEndAsync(params string[] arguments)
    {
        using var process = Start(arguments, _ => { });
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Ends it as a power cut would: no signal that it could handle.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Start(IEnumerable<string> arguments, Action<string> line)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Atomic.LocalHost.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
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
