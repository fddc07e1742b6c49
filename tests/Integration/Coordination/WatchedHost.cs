using System.Net;
using System.Text.Json;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Watch;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Integration.Coordination;

/// <summary>A host under a watchdog, with transfers that can be made to stand still.</summary>
internal sealed class WatchedHost(CoordinatedHost host, Looks looks) : IAsyncDisposable
{
    public const string Approved = "approved-transfer";
    public const string Straying = "straying-transfer";
    public const string Slow = "slow-transfer";
    public const string Waiting = "waiting-transfer";
    public const string Approve = "approve";

    private const int Leaps = 20;

    // The watch over the engine looks every five minutes, the one over flows every twenty seconds.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Silence = TransactionWatch.Silence + TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public CoordinatedHost Host => host;

    /// <param name="strays">Whether the code of the straying one does.</param>
    public static async Task<WatchedHost> StartAsync(AzuriteFixture azurite, Func<bool> strays, string? dataFolder = null, Type? without = null)
    {
        var looks = new Looks();
        var host = await CoordinatedHost.StartAsync(
            azurite, [.. ShippedDefinitions.All, .. DefinitionsWhere(strays)], dataFolder, without: without,
            register: services => services.AddSingleton<IFunctionsWorkerMiddleware>(looks));
        looks.Time = host.Time;
        return new WatchedHost(host, looks);
    }

    /// <summary>Starts a transfer between accounts of its own.</summary>
    public async Task<TransactionView> TransferAsync(string definition, string coupling, string number)
    {
        await Sample.OpenAsync(host, number);
        return await host.StartAsync(definition, coupling, Sample.Transfer(number), number);
    }

    public Task<TransactionView> StartedAgainAsync(string definition, string coupling, string number) =>
        host.StartAsync(definition, coupling, Sample.Transfer(number), number);

    public Task WaitsForApprovalAsync(string id) =>
        host.UntilAsync(id, found => found.Steps.Any(step => step.Name == Approve && step.State == StepState.Running));

    public async Task<TransactionView> ApproveToEndAsync(string id)
    {
        await WaitsForApprovalAsync(id);
        await host.AcceptedAsync($"/api/transactions/{id}/approvals/{Approve}", new { approved = true, by = "ann" });
        return await host.UntilAsync(id, found => found.State == TransactionState.Completed);
    }

    /// <summary>The watchdog says what it does before it does so: waits until the engine knows what was begun anew.</summary>
    public async Task UntilKnownAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        while ((await host.Client.GetAsync(new Uri($"/api/transactions/{id}", UriKind.Relative), limit.Token)).StatusCode == HttpStatusCode.NotFound)
            await Task.Delay(Pause, TimeProvider.System, limit.Token);
    }

    public void Leap(TimeSpan time) => host.Time.Leap(time);

    /// <summary>Lets time pass, and has the watch over the engine look once, to its end.</summary>
    public async Task LookAsync(TimeSpan? time = null)
    {
        var look = looks.Ask(host.Time.GetUtcNow() + (time ?? BetweenLooks));
        // A timer that is set while time leaps does not see the leap, and rings at the next.
        for (var leap = 0; !look.Begun.Task.IsCompleted && leap < Leaps; leap++)
        {
            Leap(time ?? BetweenLooks);
            await Task.WhenAny(look.Begun.Task, Task.Delay(Moment, TimeProvider.System));
        }

        await look.Ended.Task.WaitAsync(Patience);
    }

    /// <summary>What the watchdog has done about the transaction, once that is so much.</summary>
    public async Task<IReadOnlyList<Act>> ActsAsync(string id, int atLeast)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var acts = await ActsAsync(id);
            if (acts.Count >= atLeast) return acts;
            if (limit.IsCancellationRequested) throw new TimeoutException($"The watchdog has done {acts.Count} things about {id}, and not {atLeast}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>What the watchdog does about a silence that began with these words: whatever was still under way at a leap has broken it, so there is another.</summary>
    public async Task<Act> ActOnSilenceAsync(string id, string words)
    {
        return (await LookUntilAsync(id, Silence, acts => acts.Any(About))).First(About);

        bool About(Act act) => act.Reason.EndsWith(words, StringComparison.Ordinal);
    }

    /// <summary>What the watchdog has done, once that is so much: it says so before it does so, and a look in between finds nothing new.</summary>
    public Task<IReadOnlyList<Act>> LookUntilActsAsync(string id, int atLeast) => LookUntilAsync(id, BetweenLooks, acts => acts.Count >= atLeast);

    public async Task<(decimal From, decimal To)> BalancesAsync(string number)
    {
        var from = await host.Store.LoadAsync<Account>($"a-{number}", likelyNew: false, default);
        var to = await host.Store.LoadAsync<Account>($"b-{number}", likelyNew: false, default);
        return (from.State.Balance!.Amount, to.State.Balance!.Amount);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task<IReadOnlyList<Act>> LookUntilAsync(string id, TimeSpan time, Func<IReadOnlyList<Act>, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            await LookAsync(time);
            var acts = await ActsAsync(id);
            if (isSo(acts)) return acts;
            if (limit.IsCancellationRequested) throw new TimeoutException($"The watchdog has done about {id}: {string.Join("; ", acts)}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task<IReadOnlyList<Act>> ActsAsync(string id)
    {
        using var response = await host.Client.GetAsync(new Uri($"/api/streams/operationsTransaction/{id}", UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.NotFound) return [];
        var stream = JsonSerializer.Deserialize<JsonElement>(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return [.. stream.GetProperty("events").EnumerateArray().Select(Act.Of)];
    }

    public static IEnumerable<TransactionType> DefinitionsWhere(Func<bool> strays)
    {
        var once = new Retry(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), Limit: TimeSpan.FromDays(1));
        yield return TypeOf(Of(Approved).Approval(Approve, TimeSpan.FromDays(2)).Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)));
        yield return TypeOf(new DefinitionBuilder<TransferMoney>(Waiting, version: 1)
            .Approval(Approve, TimeSpan.FromDays(2)).Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount)));
        yield return TypeOf(Of(Straying).Pivot("deposit", "accounts", t => strays() ? throw new InvalidOperationException("It strays.") : new DepositMoney(t.To, t.Amount)));
        yield return TypeOf(Of(Slow).Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount), once));

        DefinitionBuilder<TransferMoney> Of(string name) => new DefinitionBuilder<TransferMoney>(name, version: 1)
            .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), retry: name == Slow ? once : null);

        static TransactionType TypeOf(DefinitionBuilder<TransferMoney> definition) => TransactionType.Of<TransferMoney>(definition.Build(), input => input.Problems());
    }
}

/// <summary>Something that the watchdog did.</summary>
/// <param name="What">The event's type, and which repair it was.</param>
internal sealed record Act(string What, string Run, string Reason)
{
    public static Act Of(JsonElement e)
    {
        var data = e.GetProperty("data");
        var repair = data.TryGetProperty("repair", out var known) ? $" {known.GetString()}" : "";
        return new Act($"{e.GetProperty("type").GetString()}{repair}", data.GetProperty("run").GetString()!, data.GetProperty("reason").GetString()!);
    }
}
