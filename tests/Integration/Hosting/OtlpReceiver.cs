using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Atomic.Testing.Hosting;

namespace Atomic.Integration.Hosting;

/// <summary>A collector that takes OTLP over HTTP on loopback, and keeps what it was sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string? Type, byte[] Body)> _received = [];
    private readonly Task _taking;

    public OtlpReceiver()
    {
        Address = $"http://127.0.0.1:{HostProcess.FreePort()}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _taking = TakeAsync();
    }

    public string Address { get; }

    /// <summary>Content types of what was sent.</summary>
    public IReadOnlyList<string?> Types => [.. _received.Select(each => each.Type).Distinct()];

    /// <summary>Which of the names occur in nothing that was sent there: protobuf writes text as it is.</summary>
    public IReadOnlyList<string> Missing(string path, IEnumerable<string> names) =>
        [.. names.Where(name => !_received.Any(each => each.Path == path && each.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0))];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _taking;
        _listener.Close();
    }

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, context.Request.ContentType, body.ToArray()));
                context.Response.ContentType = context.Request.ContentType;
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // It was stopped, or whoever sent something is gone.
            }
        }
    }
}
