using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure;

/// <summary>JSON-RPC with one process, a question at a time. Once a question was left without its answer, there is no telling what comes next.</summary>
/// <param name="with">Ends the process when it is disposed of.</param>
internal sealed class BicepConversation(Stream to, Stream from, IDisposable with) : IDisposable
{
    private const string Length = "Content-Length: ";

    private int _asked;

    public static BicepConversation With(string path)
    {
        var process = Process.Start(new ProcessStartInfo(path, ["jsonrpc", "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new BicepConversation(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, new Ending(process));
    }

    /// <exception cref="BicepRefusedException">It answers with an error, and can be asked again.</exception>
    /// <exception cref="InvalidOperationException">It answers another question.</exception>
    public async Task<JsonObject> AskAsync(string method, object parameters, CancellationToken cancellation)
    {
        await SendAsync(new { jsonrpc = "2.0", id = ++_asked, method, @params = parameters }, cancellation);
        var answer = await ReceiveAsync(cancellation);
        if (!JsonNode.DeepEquals(answer["id"], _asked)) throw new InvalidOperationException($"Question {_asked}, {method}, is answered with {answer.ToJsonString()}");
        return answer["error"] is { } error ? throw BicepRefusedException.Of(error) : answer["result"]!.AsObject();
    }

    public void Dispose() => with.Dispose();

    private async Task SendAsync(object request, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request);
        await to.WriteAsync(Encoding.ASCII.GetBytes($"{Length}{body.Length}\r\n\r\n"), cancellation);
        await to.WriteAsync(body, cancellation);
        await to.FlushAsync(cancellation);
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (await LineAsync(cancellation) is { Length: > 0 } header)
        {
            if (header.StartsWith(Length, StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[Length.Length..], CultureInfo.InvariantCulture);
        }

        var body = new byte[length];
        await from.ReadExactlyAsync(body, cancellation);
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var (line, next) = (new StringBuilder(), new byte[1]);
        while (true)
        {
            await from.ReadExactlyAsync(next, cancellation);
            if (next[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }

    private sealed class Ending(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}

/// <summary>Bicep cannot do what it is asked for, and says why.</summary>
internal sealed class BicepRefusedException(string message) : Exception(message)
{
    public static BicepRefusedException Of(JsonNode error) => new($"{(string?)error["message"]} {(string?)error["data"]?["message"]}");
}
