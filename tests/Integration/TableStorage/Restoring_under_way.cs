using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.Functions.Orchestration;
using Atomic.Integration.Coordination;
using Atomic.Integration.Infrastructure;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.Shop;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>
/// The steps of the page on restoring with transactions under way: what they did before the export is restored, what they did later is gone from the
/// streams, and their engine knows of both.
/// </summary>
public sealed class Restoring_under_way : IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);
    private static readonly string[] Orchestrated = [Coupling.Requests, Coupling.Commands];

    private readonly AzuriteFixture _azurite = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-restored-");
    private readonly LeapingTime _time = new();
    private Rehearsal _rehearsal = null!;

    private static string Today => $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}";

    private static IReadOnlyDictionary<string, string> WhileRestoring => Triggers.Of("ServiceBusTriggerAttribute").Concat(Triggers.Of("TimerTriggerAttribute"))
        .Select(trigger => trigger.Function.Split('.')[^1]).Distinct()
        .Select(function => ($"AzureWebJobs.{function}.Disabled", "true")).Append(("TaskHub", "atomicrestore")).ToDictionary();

    public async Task InitializeAsync() => _rehearsal = await Rehearsal.NewAsync(_azurite);

    public async Task DisposeAsync()
    {
        _data.Delete(recursive: true);
        await _azurite.DisposeAsync();
    }

    [Fact]
    public async Task Calls_a_person_for_what_is_ahead_of_its_streams_who_can_put_it_right_and_for_nothing_else()
    {
        var (kept, waits, ends) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
        await using (var host = await StartAsync())
        {
            await OpenAsync(host, Coupling.All.SelectMany(coupling => new[] { $"kept-{coupling}", $"waits-{coupling}", $"ends-{coupling}" }));
            foreach (var coupling in Coupling.All) kept[coupling] = await TransferAsync(host, coupling, $"kept-{coupling}");
            await host.UntilEmptyAsync("events", "transactions");
            await _rehearsal.ExportAsync(TimeProvider.System);
            foreach (var coupling in Coupling.All) waits[coupling] = await TransferAsync(host, coupling, $"waits-{coupling}");
            foreach (var coupling in Orchestrated) ends[coupling] = await TransferAsync(host, coupling, $"ends-{coupling}");
            await host.StopAsync();
        }

        await using (var host = await StartAsync(WhileRestoring))
        {
            await _rehearsal.WipeAsync();
            var restored = await Rehearsal.RestoreAsync(host, Today);
            Assert.True(restored.GetProperty("state").GetString() == "Completed", restored.GetRawText());
            await Rehearsal.RebuildAllAsync(host);
            // What stood still does so: its engine is in another hub, and who would take the command does not listen.
            foreach (var id in waits.Values) Assert.Null(await host.Engine.GetInstanceAsync(id));
            await new ShopClient(host.Client).CommandAsync("accounts/open-account", Account("late"));
            await host.StopAsync();
        }

        await using var again = await StartAsync();
        foreach (var id in ends.Values) await ApproveAsync(again, id);
        _time.Leap(Look);

        foreach (var coupling in Orchestrated)
        {
            Assert.Contains($"accountsAccount:a-waits-{coupling}@2, and that stream is at version 1", await RaisedAsync(again, waits[coupling]), StringComparison.Ordinal);
            Assert.Contains($"accountsAccount:a-ends-{coupling}@2, and that stream is at version 1", await RaisedAsync(again, ends[coupling]), StringComparison.Ordinal);
        }

        // What all of it knew before goes on. What nobody coordinates and began later is gone altogether, with whoever had heard of it.
        foreach (var id in kept.Values) await ApproveAsync(again, id);
        foreach (var coupling in Coupling.All) Assert.Equal((70m, 130m), await BalancesAsync(again, $"kept-{coupling}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(again, $"/api/transactions/{waits[Coupling.Events]}"));
        foreach (var id in kept.Values.Append(waits[Coupling.Events])) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(again, $"/api/streams/operationsTransaction/{id}"));
        await UntilOpenAsync(again, "late");

        // Before its pivot it is cancelled: what is gone is not given back. After it, what is gone is done by hand.
        foreach (var coupling in Orchestrated)
        {
            await PostAsync(again, $"/api/transactions/{waits[coupling]}/cancel", new { by = "ann", why = "Its withdrawal is gone." });
            Assert.Equal("Compensated", (await new ShopClient(again.Client).EndOfAsync(waits[coupling])).GetProperty("state").GetString());
            await again.Engine.RestartAsync(ends[coupling]);
            await UntilAskedAsync(again, ends[coupling]);
            await ApproveAsync(again, ends[coupling]);
            Assert.Equal((100m, 100m), await BalancesAsync(again, $"waits-{coupling}"));
            Assert.Equal((70m, 130m), await BalancesAsync(again, $"ends-{coupling}"));
        }

        Assert.Equal((100m, 100m), await BalancesAsync(again, $"waits-{Coupling.Events}"));
        var listed = await new ShopClient(again.Client).UntilAsync("/api/transactions", list => StatesOf(list).Count == 7 && !StatesOf(list).ContainsValue("Running"));
        Assert.All(waits.Where(each => each.Key != Coupling.Events), each => Assert.Equal("Compensated", StatesOf(listed)[each.Value]));
        Assert.All(kept.Values.Concat(ends.Values), id => Assert.Equal("Completed", StatesOf(listed)[id]));
    }

    private Task<InProcessHost> StartAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        _rehearsal.StartAsync(settings, _data.FullName, WatchedHost.DefinitionsWhere(() => false), _time);

    private static object Euros(decimal amount) => new { amount, currency = "EUR" };

    private static object Account(string account) => new { account, balance = Euros(100), limit = Euros(50) };

    private static async Task OpenAsync(InProcessHost host, IEnumerable<string> numbers)
    {
        var accounts = numbers.SelectMany(number => new[] { $"a-{number}", $"b-{number}" }).ToList();
        foreach (var account in accounts) await new ShopClient(host.Client).CommandAsync("accounts/open-account", Account(account));
        foreach (var account in accounts) await UntilOpenAsync(host, account);
    }

    private static Task<JsonElement> UntilOpenAsync(InProcessHost host, string account) =>
        new ShopClient(host.Client).UntilAsync($"/api/streams/accountsAccount/{account}", stream => stream.GetProperty("version").GetInt32() > 0);

    /// <summary>Transfers between accounts of its own until somebody has to approve: the money is withdrawn then.</summary>
    private static async Task<string> TransferAsync(InProcessHost host, string coupling, string number)
    {
        var started = await PostAsync(
            host, $"/api/transactions/{WatchedHost.Approved}?coordination={coupling}", new { from = $"a-{number}", to = $"b-{number}", amount = Euros(30) });
        var id = started.GetProperty("id").GetString()!;
        await UntilAskedAsync(host, id);
        return id;
    }

    private static Task<JsonElement> UntilAskedAsync(InProcessHost host, string id) => new ShopClient(host.Client).UntilAsync(
        $"/api/transactions/{id}", found => found.GetProperty("steps")[1].GetProperty("state").GetString() == "Running");

    private static async Task ApproveAsync(InProcessHost host, string id)
    {
        await PostAsync(host, $"/api/transactions/{id}/approvals/{WatchedHost.Approve}", new { approved = true, by = "ann" });
        Assert.Equal("Completed", (await new ShopClient(host.Client).EndOfAsync(id)).GetProperty("state").GetString());
    }

    private static async Task<(decimal From, decimal To)> BalancesAsync(InProcessHost host, string number)
    {
        return (await OfAsync($"a-{number}"), await OfAsync($"b-{number}"));

        async Task<decimal> OfAsync(string account) =>
            (await Rehearsal.JsonAsync(host, $"/api/streams/accountsAccount/{account}")).GetProperty("state").GetProperty("balance").GetProperty("amount").GetDecimal();
    }

    private static Dictionary<string, string> StatesOf(JsonElement list) => list.GetProperty("items").EnumerateArray()
        .ToDictionary(item => item.GetProperty("id").GetString()!, item => item.GetProperty("state").GetString()!);

    private static async Task<HttpStatusCode> StatusAsync(InProcessHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    private static async Task<JsonElement> PostAsync(InProcessHost host, string path, object body)
    {
        using var response = await host.Client.PostAsJsonAsync(path, body);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {answer}");
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }

    private static async Task<string> RaisedAsync(InProcessHost host, string id)
    {
        var stream = await new ShopClient(host.Client).UntilAsync(
            $"/api/streams/operationsTransaction/{id}", found => found.TryGetProperty("version", out var version) && version.GetInt32() > 0);
        return Assert.Single(stream.GetProperty("events").EnumerateArray()).GetProperty("data").GetProperty("reason").GetString()!;
    }
}
