using Microsoft.Extensions.Configuration;

namespace Atomic.Functions.Overview;

/// <summary>
/// Where the services answer queries. <c>Services__ordering</c> and the like name the base address of one; without it, it is this very host.
/// <c>Services__key</c> is the function key that they ask for, where they do.
/// </summary>
public sealed class ServiceAddresses
{
    public static readonly string[] Services = ["ordering", "inventory", "payments", "shipping"];

    private readonly IConfiguration _settings;

    /// <exception cref="InvalidOperationException">An address is none; the message names the setting.</exception>
    public ServiceAddresses(IConfiguration settings)
    {
        _settings = settings;
        foreach (var service in Services) _ = Of(service);
    }

    /// <summary>What is wrong with the addresses that are set. Where the app itself answers may not be known this early.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings) =>
        from service in Services
        let text = settings[$"Services:{service}"]
        where text is not null && !IsAddress(text)
        select Problem(service, text);

    public string? Key => _settings["Services:key"];

    public Uri Of(string service)
    {
        // Azure, func and the embedded host each say where the app itself answers.
        var text = _settings[$"Services:{service}"] ?? Own(_settings["WEBSITE_HOSTNAME"]);
        return IsAddress(text) ? new Uri(text!) : throw new InvalidOperationException(Problem(service, text));
    }

    private static bool IsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static string Problem(string service, string? text) =>
        $"Services__{service} is '{text}', and must be the base address of a service, as in https://orders.example.org.";

    private static string? Own(string? host)
    {
        if (string.IsNullOrEmpty(host)) return null;
        var isLocal = host.StartsWith("localhost", StringComparison.Ordinal) || host.StartsWith("127.", StringComparison.Ordinal);
        return $"{(isLocal ? "http" : "https")}://{host}";
    }
}
