using System.Net.Sockets;

namespace Atomic.LocalHost.Azurite;

/// <summary>What is found on a port.</summary>
internal enum Listener
{
    None,
    Azurite,
    Other,

    /// <summary>It has taken the call and not answered in time: whoever it is, he may be busy.</summary>
    Silent,
}

/// <summary>Asks the ports who listens there. Azurite names its service in every answer, whatever it thinks of the question.</summary>
internal static class Listeners
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<(AzuriteService Service, Listener Listener)>> FindAsync(
        AzuriteOptions options, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AnswerWithin };
        return await Task.WhenAll(options.Services.Select(async service => (service, await FindAsync(client, service, cancellation))));
    }

    private static async Task<Listener> FindAsync(HttpClient client, AzuriteService service, CancellationToken cancellation)
    {
        try
        {
            var question = new Uri($"http://127.0.0.1:{service.Port}/devstoreaccount1?comp=list");
            using var answer = await client.GetAsync(question, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var server = answer.Headers.TryGetValues("Server", out var values) ? string.Join(' ', values) : "";
            return server.StartsWith($"Azurite-{service.Name}/", StringComparison.Ordinal) ? Listener.Azurite : Listener.Other;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Listener.None;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Listener.Silent;
        }
        catch (HttpRequestException)
        {
            return Listener.Other;
        }
    }
}
