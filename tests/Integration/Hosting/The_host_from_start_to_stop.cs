using System.Net;
using System.Net.NetworkInformation;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.Hosting;

[Collection(AzuriteFixture.Collection)]
public sealed class The_host_from_start_to_stop(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-start-");

    [Fact]
    public async Task Says_what_it_is_lists_its_functions_and_is_ready_once()
    {
        await using var host = await StartAsync();

        Assert.Contains("embedded host, not Azure", host.Output, StringComparison.Ordinal);
        Assert.Matches(@"http +StartTransaction +POST /api/transactions/\{definition\}", host.Output);
        Assert.Matches("service bus,? ?[a-z]* +ProjectOrders +events/Subscriptions/orders", host.Output);
        Assert.Matches("orchestration +RunTransaction", host.Output);
        Assert.Matches("activity +ReserveStock", host.Output);
        Assert.Contains($"Dashboard: http://127.0.0.1:{host.Port}/", host.Output, StringComparison.Ordinal);
        Assert.Equal([$"Ready: http://127.0.0.1:{host.Port}"], host.Output.Split('\n').Where(line => line.StartsWith("Ready", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        await new ShopClient(host.Client).UntilAsync("/api/health", health => health.GetProperty("healthy").GetBoolean());
    }

    [Fact]
    public async Task Listens_on_loopback_only()
    {
        await using var host = await StartAsync();

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == host.Port);
        Assert.Equal([IPAddress.Loopback], listeners.Select(listener => listener.Address));
    }

    [Fact]
    public async Task Stops_cleanly_when_asked_and_goes_on_where_it_was()
    {
        string order;
        await using (var host = await StartAsync())
        {
            var shop = new ShopClient(host.Client);
            var (sku, card) = await shop.SeedAsync(quantity: 10, limit: 1000);
            order = (await shop.PlaceAsync(ShopClient.Order(sku, card))).Body.GetProperty("id").GetString()!;

            Assert.Equal(0, await host.StopAsync());
            Assert.DoesNotContain("error", host.Output, StringComparison.OrdinalIgnoreCase);
        }

        await using var again = await StartAsync();

        Assert.Equal("Completed", (await new ShopClient(again.Client).EndOfAsync(order)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Has_its_data_folder_to_itself_until_it_ends_however_it_ends()
    {
        await using var host = await StartAsync();

        var (exitCode, output) = await HostProcess.RunToEndAsync(
            ["--data", _data.FullName, "--port", $"{HostProcess.FreePort()}", "--storage", await azurite.ConnectionStringAsync()]);
        Assert.Equal(1, exitCode);
        Assert.Contains($"Another host runs on the data folder {_data.FullName}", output, StringComparison.Ordinal);

        await host.KillAsync();
        await host.StartAsync();
    }

    [Fact]
    public async Task Starts_from_nothing_with_reset_and_removes_only_what_is_its_own()
    {
        string id;
        await using (var host = await StartAsync())
        {
            id = (await new ShopClient(host.Client).PlaceAsync(ShopClient.Order("none", "4000000000000000"))).Body.GetProperty("id").GetString()!;
            Assert.Equal(0, await host.StopAsync());
        }

        var other = Path.Combine(_data.FullName, "not-the-hosts.txt");
        await File.WriteAllTextAsync(other, "keep me");
        await using var reset = await StartAsync("--reset");

        Assert.Equal(HttpStatusCode.NotFound, (await reset.Client.GetAsync(new Uri($"/api/transactions/{id}", UriKind.Relative))).StatusCode);
        Assert.True(File.Exists(other));
    }

    [Theory]
    [InlineData("--help", "--port", "--data", "--storage", "--reset", "7071", "embedded host, not Azure")]
    [InlineData("--version", "1.0.0")]
    public async Task Tells_about_itself(string argument, params string[] parts)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync([argument]);

        Assert.Equal(0, exitCode);
        Assert.All(parts, part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<HostProcess> StartAsync(params string[] more) =>
        await HostProcess.StartedAsync(_data.FullName, await azurite.ConnectionStringAsync(), more);
}
