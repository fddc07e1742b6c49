using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atomic.Testing.Hosting;

/// <summary>A service that takes every connection, and never comes to the end of an answer.</summary>
public sealed class MuteService : IAsyncDisposable
{
    /// <summary>As it begins what it never ends.</summary>
    public const string HalfAnAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{ \"items\": [";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _callers = [];
    private readonly byte[] _says;
    private readonly Task _taking;

    /// <param name="says">All that it ever says to a caller.</param>
    public MuteService(string says = "")
    {
        _says = Encoding.ASCII.GetBytes(says);
        _listener.Start();
        _taking = TakeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public int Callers => _callers.Count;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _taking;
        foreach (var caller in _callers) caller.Dispose();
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptTcpClientAsync();
                _callers.Add(caller);
                await caller.GetStream().WriteAsync(_says);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }
}
