using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Atomic.LocalHost.Telemetry;

/// <summary>Sends traces and metrics by OTLP until disposed of, and what is left then.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string ServiceName = "OTEL_SERVICE_NAME";

    // Spans and measures of app, host and engine, and of requests over HTTP.
    private static readonly string[] Sources = ["Atomic.*", "Microsoft.AspNetCore"];
    private static readonly string[] Meters = ["Atomic.*"];

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private OtlpExport(TracerProvider traces, MeterProvider metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>Not inlined: the exporter's assemblies, a part of the start's time, are loaded by who gets here, and by nobody else.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IDisposable Start(IConfiguration settings) => new OtlpExport(
        Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings))
            .ConfigureResource(resource => Name(resource, settings))
            .AddSource(Sources).AddOtlpExporter().Build(),
        Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(settings))
            .ConfigureResource(resource => Name(resource, settings))
            .AddMeter(Meters).AddOtlpExporter().Build());

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Name(ResourceBuilder resource, IConfiguration settings)
    {
        if (settings[ServiceName] is null) resource.AddService("atomic");
    }
}
