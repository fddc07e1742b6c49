using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Atomic.Functions.Access;

/// <summary>
/// What a caller brought along to be let in, for as long as their call lasts. The overview asks this very app over HTTP, and does so as its
/// caller: it shows nobody more than they could ask for themselves.
/// </summary>
internal static class CallerCredentials
{
    private const string KeyHeader = "x-functions-key";

    private static readonly AsyncLocal<IReadOnlyList<KeyValuePair<string, string>>?> Current = new();

    public static IReadOnlyList<KeyValuePair<string, string>> Lent => Current.Value ?? [];

    public static IDisposable Lend(HttpRequest request, AccessMode mode)
    {
        Current.Value = [.. Of(request, mode).Where(header => header.Value.Length > 0)];
        return new Loan();
    }

    private static IEnumerable<KeyValuePair<string, string>> Of(HttpRequest request, AccessMode mode) => mode switch
    {
        AccessMode.Keys => [new(KeyHeader, request.Headers[KeyHeader].ToString() is { Length: > 0 } key ? key : request.Query["code"].ToString())],
        AccessMode.Entra => [new("Authorization", request.Headers.Authorization.ToString()), new("Cookie", request.Headers.Cookie.ToString())],
        _ => [],
    };

    private sealed class Loan : IDisposable
    {
        public void Dispose() => Current.Value = null;
    }
}

/// <summary>Brings the caller's credentials to this very app, and to no other.</summary>
public sealed class AsTheCaller(IConfiguration settings) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } uri && string.Equals(uri.Authority, settings["WEBSITE_HOSTNAME"], StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, value) in CallerCredentials.Lent)
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}
