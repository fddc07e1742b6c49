using System.Net.Http.Json;
using System.Text.Json;
using Atomic.Functions.Definitions;
using Atomic.LocalHost.CommandLine;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Xunit;

namespace Atomic.Integration.Hosting;

/// <summary>What verify has kept, the host of the same data folder shows with the definition.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class The_last_verdict(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-verdict-");

    [Fact]
    public async Task Is_shown_from_when_it_is_kept_until_there_is_another()
    {
        await using var host = new HostProcess(_data.FullName, await azurite.ConnectionStringAsync());
        await host.StartAsync();
        Assert.False((await FindAsync(host)).TryGetProperty("lastVerdict", out _));

        await KeepAsync(violations: 2, "sequenceDiagram");
        var first = (await FindAsync(host)).GetProperty("lastVerdict");
        await KeepAsync(violations: 0, null);
        var second = (await FindAsync(host)).GetProperty("lastVerdict");

        Assert.Equal((900, 2, "sequenceDiagram"), (first.GetProperty("runs").GetInt32(), first.GetProperty("violations").GetInt32(), first.GetProperty("counterexample").GetString()));
        Assert.Equal(0, second.GetProperty("violations").GetInt32());
    }

    public void Dispose() => _data.Delete(recursive: true);

    private Task KeepAsync(int violations, string? counterexample)
    {
        var definition = ShippedDefinitions.All.Last(type => type.Definition.Name == "transfer-money").Definition;
        return new VerdictFolder(_data.FullName).KeepAsync(
            definition, new LastVerdict(DateTimeOffset.UnixEpoch, 900, violations, counterexample), CancellationToken.None);
    }

    private static async Task<JsonElement> FindAsync(HostProcess host)
    {
        var listed = (await host.Client.GetFromJsonAsync<JsonElement>(new Uri("/api/definitions", UriKind.Relative))).GetProperty("items");
        var one = await host.Client.GetFromJsonAsync<JsonElement>(new Uri("/api/definitions/transfer-money", UriKind.Relative));
        Assert.Equal(listed.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "transfer-money").GetRawText(), one.GetRawText());
        return one;
    }
}
