using Atomic.LocalHost.Runtime;
using Microsoft.Extensions.Configuration;

namespace Atomic.LocalHost.Telemetry;

/// <summary>Where traces and metrics go, as the settings of OpenTelemetry's specification say it, in the environment or among the app's.</summary>
internal static class OtlpSettings
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    /// <returns>Null when they go nowhere.</returns>
    /// <exception cref="StartupException">A setting is not what the exporter takes, which would pass over it in silence.</exception>
    public static Uri? EndpointOf(IConfiguration settings)
    {
        if (settings[Endpoint] is not { Length: > 0 } endpoint) return null;
        var problems = new List<string>();
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            problems.Add($"{Endpoint} is '{endpoint}', and must be the address of a collector, as in http://127.0.0.1:4317.");
        if (settings[Protocol] is { } protocol && !Protocols.Contains(protocol))
            problems.Add($"{Protocol} is '{protocol}', and must be {string.Join(" or ", Protocols)}.");
        return problems.Count == 0 ? address : throw new StartupException(problems);
    }
}
