using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Hosting;

[Collection(AzuriteFixture.Collection)]
public sealed class Telemetry_by_OTLP(AzuriteFixture azurite) : IDisposable
{
    private const string Exporter = "OpenTelemetry.Exporter.OpenTelemetryProtocol.dll";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-otlp-");

    [Fact]
    public async Task Takes_spans_and_measures_of_an_order_to_a_collector()
    {
        await using var collector = new OtlpReceiver();
        await using var host = await StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        });
        Assert.Contains($"Telemetry: traces and metrics by OTLP to {collector.Address}", host.Output, StringComparison.Ordinal);
        var shop = new ShopClient(host.Client);
        var (sku, card) = await shop.SeedAsync(quantity: 10, limit: 1000);

        await shop.PlaceToEndAsync(ShopClient.Order(sku, card));

        string[] spans = ["start place-order", "StartTransaction", "activity:ReserveStock", "inventory ReserveStock", "payments CapturePayment", "project orders", "track"];
        string[] measures = ["atomic.transaction.starts", "atomic.transaction.ends", "atomic.command.attempts", "atomic.projection.lag"];
        await Eventually.HoldsAsync(() => collector.Missing("/v1/traces", spans).Count == 0, $"Spans: {string.Join(", ", spans)}");
        await Eventually.HoldsAsync(() => collector.Missing("/v1/metrics", measures).Count == 0, $"Measures: {string.Join(", ", measures)}");
        Assert.Empty(collector.Missing("/v1/traces", ["service.name", "atomic", "Microsoft.AspNetCore"]));
        Assert.Equal(["application/x-protobuf"], collector.Types);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task Is_not_even_loaded_when_there_is_no_collector()
    {
        await using var host = await StartAsync([]);

        Assert.DoesNotContain("Telemetry:", host.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, Exporter)), $"{Exporter} is called otherwise.");
        if (!OperatingSystem.IsLinux()) return;
        Assert.Contains("Atomic.LocalHost.dll", host.Mapped);
        Assert.DoesNotContain(host.Mapped, file => file.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<HostProcess> StartAsync(Dictionary<string, string> variables)
    {
        var host = new HostProcess(_data.FullName, await azurite.ConnectionStringAsync()) { Variables = variables };
        await host.StartAsync();
        return host;
    }
}
