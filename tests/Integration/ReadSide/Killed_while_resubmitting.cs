using System.Net;
using System.Text.Json;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing;
using Atomic.Testing.Shop;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.ReadSide;

/// <summary>kill -9 of the host, again and again, while dead letters are put back: each has its effect, once.</summary>
public sealed class Killed_while_resubmitting(ITestOutputHelper output) : KillableHost(output)
{
    private const string Queue = "inventory-commands";
    private const int Letters = 60;
    private const int Kills = 4;

    [Fact]
    public async Task Loses_no_command_and_carries_none_out_twice()
    {
        await ParkAsync();
        await using var host = await StartAsync();
        var shop = new ShopClient(host.Client);
        var ids = (await LettersAsync(shop)).Select(letter => letter.GetProperty("id").GetString()!).ToList();
        Assert.Equal(Letters, ids.Count);

        var midway = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var resubmitting = ResubmitAsync(shop, ids);
            // The first finds all of them parked still.
            await MomentAsync(20, kill == 0 ? 60 : 250);
            await host.KillAsync();
            if (!await resubmitting) midway++;
            await host.StartAsync();
        }

        Output.WriteLine($"{midway} of {Kills} kills were in the middle of resubmits.");
        Assert.True(midway > 0, "All were resubmitted before the first kill.");
        Assert.True(await ResubmitAsync(shop, ids));
        await shop.UntilAsync("/api/inventory/stock/tea", row => row.GetProperty("onHand").GetInt32() == Letters);

        // One more: what might have been sent twice is ahead of it in the queue.
        var last = await shop.CommandAsync("inventory/add-stock", new { sku = "tea", quantity = 1 });
        Assert.Equal(Letters + 1, (await shop.GetAsync("/api/inventory/stock/tea", last)).GetProperty("onHand").GetInt32());
        Assert.Equal(Letters + 1, (await shop.GetAsync("/api/streams/inventory/tea")).GetProperty("version").GetInt32());
        Assert.Empty(await LettersAsync(shop));
        foreach (var id in ids) Assert.Equal(["DeadLetterResubmitted.v1"], await ActsOnAsync(shop, id));
    }

    // Into the file of the broker, which the host then finds there.
    private async Task ParkAsync()
    {
        await using var broker = await Broker.OpenAsync(
            Path.Combine(DataFolder, "service-bus.db"), Topology.Read(Repository.PathOf("infra/service-bus.json")), TimeProvider.System, NullLoggerFactory.Instance);
        await using var bus = new EmbeddedServiceBusClient(broker);
        await ReadSideHost.SendAsync(bus, Queue, [.. Enumerable.Range(0, Letters).Select(i => ReadSideHost.AddStock($"parked-{i}", "tea", 1))]);
        await using var receiver = bus.CreateReceiver(Queue);
        foreach (var message in await receiver.ReceiveMessagesAsync(Letters)) await receiver.DeadLetterMessageAsync(message, "TheReason", "The description.");
    }

    /// <returns>False when the host ended in between.</returns>
    private static async Task<bool> ResubmitAsync(ShopClient shop, List<string> ids)
    {
        try
        {
            foreach (var id in ids)
            {
                using var response = await shop.Http.PostAsync(new Uri($"/api/dead-letters/{id}/resubmit", UriKind.Relative), null);
                Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.NotFound, $"{id}: {response.StatusCode}");
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static async Task<IEnumerable<JsonElement>> LettersAsync(ShopClient shop) =>
        (await shop.GetAsync("/api/dead-letters")).GetProperty("items").EnumerateArray();

    private static async Task<IEnumerable<string>> ActsOnAsync(ShopClient shop, string id) =>
        (await shop.GetAsync($"/api/streams/operationsDeadLetter/{id}")).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!);
}
