using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure;

/// <summary>
/// One Bicep process for all that is asked, by JSON-RPC: it takes seconds to be ready, and then answers in tenths of one. It ends with this process.
/// </summary>
internal sealed class BicepServer : IDisposable
{
    private const string Length = "Content-Length: ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Process _process;
    private int _asked;

    public BicepServer(string path)
    {
        _process = Process.Start(new ProcessStartInfo(path, ["jsonrpc", "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <exception cref="BicepRefusedException">Bicep answers with an error.</exception>
    /// <exception cref="OperationCanceledException">It does not answer within five minutes.</exception>
    public async Task<JsonObject> AskAsync(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _turn.WaitAsync(limit.Token);
        try
        {
            await SendAsync(new { jsonrpc = "2.0", id = ++_asked, method, @params = parameters }, limit.Token);
            var answer = await ReceiveAsync(limit.Token);
            return answer["error"] is { } error ? throw BicepRefusedException.Of(error) : answer["result"]!.AsObject();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _turn.Dispose();
    }

    private async Task SendAsync(object request, CancellationToken cancellation)
    {
        var (body, to) = (JsonSerializer.SerializeToUtf8Bytes(request), _process.StandardInput.BaseStream);
        await to.WriteAsync(Encoding.ASCII.GetBytes($"{Length}{body.Length}\r\n\r\n"), cancellation);
        await to.WriteAsync(body, cancellation);
        await to.FlushAsync(cancellation);
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellation)
    {
        var (length, from) = (0, _process.StandardOutput.BaseStream);
        while (await LineAsync(from, cancellation) is { Length: > 0 } header)
        {
            if (header.StartsWith(Length, StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[Length.Length..], CultureInfo.InvariantCulture);
        }

        var body = new byte[length];
        await from.ReadExactlyAsync(body, cancellation);
        return JsonNode.Parse(body)!.AsObject();
    }

    private static async Task<string> LineAsync(Stream from, CancellationToken cancellation)
    {
        var (line, next) = (new StringBuilder(), new byte[1]);
        while (true)
        {
            await from.ReadExactlyAsync(next, cancellation);
            if (next[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }
}

/// <summary>Bicep cannot do what it is asked for, and says why.</summary>
internal sealed class BicepRefusedException(string message) : Exception(message)
{
    public static BicepRefusedException Of(JsonNode error) => new($"{(string?)error["message"]} {(string?)error["data"]?["message"]}");
}
