using System.Net;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>Transfers that can go neither forward nor back by themselves, and what people do about them over HTTP.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Standing_still(AzuriteFixture azurite)
{
    private const string Withdraw = "withdraw";
    private const string Receipt = "send-receipt";

    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task An_undo_that_always_fails_is_parked_within_its_policy_tried_once_a_minute_and_completes_when_someone_retries(string coupling)
    {
        await using var host = await CoordinatedHost.StartAsync(azurite);
        var transfer = await Transfer.NewAsync(host, coupling);
        var undo = transfer.IsNeverUndone();
        var parked = await transfer.ParkedAsync(Withdraw);
        Assert.Equal(Retry.Default.Attempts, undo.Met);
        Assert.StartsWith($"{Withdraw}: Scripted", parked.Reason, StringComparison.Ordinal);

        for (var minute = 1; minute <= 2; minute++)
        {
            await host.SettledAsync("accounts");
            host.Time.Leap(Minute);
            await transfer.UntilAsync(_ => undo.Met > Retry.Default.Attempts + minute - 1);
            Assert.Equal(Retry.Default.Attempts + minute, undo.Met);
            await transfer.ParkedAsync(Withdraw);
        }

        transfer.Heal(Withdraw);
        await transfer.RetryAsync(Withdraw);
        await transfer.UntilAsync(found => found.State == TransactionState.Compensated);

        Assert.Equal(100, await transfer.BalanceAsync());
        var retried = await transfer.AuditAsync("RetryRequested.v1");
        Assert.Equal(("ann", "its cause is gone", Withdraw), (retried.GetProperty("by").GetString(), retried.GetProperty("why").GetString(), retried.GetProperty("step").GetString()));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task A_step_behind_the_pivot_goes_on_with_a_corrected_input(string coupling)
    {
        await using var host = await CoordinatedHost.StartAsync(azurite);
        var transfer = await Transfer.NewAsync(host, coupling);
        host.Store.On(transfer.KeyOf(Receipt), RecordState.None, RecordState.Done, Mishap.FailsBefore);
        await transfer.StartAsync();
        await transfer.ParkedAsync(Receipt);
        var corrected = new { from = $"a-{transfer.Number}", to = $"b-{transfer.Number}", amount = new { amount = 29, currency = "EUR" } };

        await host.AcceptedAsync($"{transfer.Url}/steps/{Receipt}/retry", new { by = "ann", why = "the sum was wrong", input = corrected });
        await transfer.UntilAsync(found => found.State == TransactionState.Completed);

        var sent = Assert.Single(host.Store.LedgerOf(transfer.Id).SelectMany(entry => entry.Events).OfType<ReceiptSent>());
        Assert.Equal(29, sent.Amount.Amount);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task An_undo_is_declared_undone_by_hand_and_what_was_tried_with_its_input_cannot_be_edited(string coupling)
    {
        await using var host = await CoordinatedHost.StartAsync(azurite);
        var transfer = await Transfer.NewAsync(host, coupling);
        transfer.IsNeverUndone();
        await transfer.ParkedAsync(Withdraw);
        var input = new { from = $"a-{transfer.Number}", to = $"b-{transfer.Number}", amount = new { amount = 29, currency = "EUR" } };
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync($"{transfer.Url}/steps/{Withdraw}/retry", new { by = "ann", input })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync($"{transfer.Url}/steps/{Receipt}/retry", new { by = "ann" })).Status);
        transfer.Heal(Withdraw);

        await host.AcceptedAsync($"{transfer.Url}/steps/{Withdraw}/resolve", new { by = "ann", why = "paid in cash", outcome = "undone" });
        await transfer.UntilAsync(found => found.State == TransactionState.Compensated);

        Assert.Equal(70, await transfer.BalanceAsync());
        var resolved = await transfer.AuditAsync("ResolutionRequested.v1");
        Assert.Equal(("ann", "paid in cash", false), (resolved.GetProperty("by").GetString(), resolved.GetProperty("why").GetString(), resolved.GetProperty("done").GetBoolean()));
    }

    [Fact]
    public async Task All_that_stand_still_at_a_step_are_retried_together_and_others_are_not()
    {
        await using var host = await CoordinatedHost.StartAsync(azurite);
        var transfers = await Task.WhenAll(Coupling.All.Select(coupling => Transfer.NewAsync(host, coupling)));
        foreach (var transfer in transfers) transfer.IsNeverUndone();
        await Task.WhenAll(transfers.Select(transfer => transfer.ParkedAsync(Withdraw)));
        var other = await Transfer.NewAsync(host, Coupling.Requests);
        host.Store.On(other.KeyOf(Receipt), RecordState.None, RecordState.Done, Mishap.FailsBefore);
        await other.StartAsync();
        await other.ParkedAsync(Receipt);
        foreach (var transfer in transfers.Append(other)) transfer.Heal(Withdraw);

        Assert.Equal(transfers.Select(one => one.Id).Order(), (await RetryAllAsync(host, dryRun: true)).Order());
        Assert.Equal(transfers.Select(one => one.Id).Order(), (await RetryAllAsync(host, dryRun: false)).Order());

        await Task.WhenAll(transfers.Select(transfer => transfer.UntilAsync(found => found.State == TransactionState.Compensated)));
        Assert.Equal("ann", (await transfers[0].AuditAsync("RetryRequested.v1")).GetProperty("by").GetString());
        Assert.Equal(TransactionState.NeedsAttention, (await other.UntilAsync(_ => true)).State);
    }

    /// <summary>Page by page, to the last.</summary>
    private static async Task<List<string>> RetryAllAsync(CoordinatedHost host, bool dryRun)
    {
        var ids = new List<string>();
        string? continuation = null;
        do
        {
            var filter = new { definition = "transfer-money", step = Withdraw };
            var (status, body) = await host.PostAsync("/api/transactions/retry", continuation is null
                ? new { filter, by = "ann", why = "all at once", dryRun }
                : new { filter, by = "ann", why = "all at once", dryRun, continuation });
            Assert.Equal(HttpStatusCode.Accepted, status);
            var answer = JsonSerializer.Deserialize<BulkRetried>(body, StorageJson.Options)!;
            ids.AddRange(answer.Steps.Select(step => step.Id));
            continuation = answer.Continuation;
        }
        while (continuation is not null);

        return ids;
    }

    private sealed record Transfer(CoordinatedHost Host, string Coupling, string Number)
    {
        public string Id => CoordinatedHost.IdOf("transfer-money", Number);

        public string Url => $"/api/transactions/{Id}";

        public static async Task<Transfer> NewAsync(CoordinatedHost host, string coupling)
        {
            var transfer = new Transfer(host, coupling, Guid.NewGuid().ToString("N")[..12]);
            await Sample.OpenAsync(host, transfer.Number);
            return transfer;
        }

        public string KeyOf(string step) => $"{Id}:{step}";

        /// <summary>Starts it so that its pivot is refused and its withdrawal cannot be returned.</summary>
        public ScriptedEventStore.Entry IsNeverUndone()
        {
            Host.Store.On(KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
            var undo = Host.Store.On(KeyOf(Withdraw), RecordState.Done, RecordState.Undone, Mishap.FailsBefore);
            StartAsync().GetAwaiter().GetResult();
            return undo;
        }

        public Task<TransactionView> StartAsync() => Host.StartAsync("transfer-money", Coupling, Sample.Transfer(Number), Number);

        public void Heal(string step) => Host.Store.Forget(KeyOf(step));

        public Task RetryAsync(string step) => Host.AcceptedAsync($"{Url}/steps/{step}/retry", new { by = "ann", why = "its cause is gone" });

        public Task<TransactionView> UntilAsync(Func<TransactionView, bool> expected) => Host.UntilAsync(Id, expected);

        public Task<TransactionView> ParkedAsync(string step) => UntilAsync(found =>
            found.State == TransactionState.NeedsAttention && found.Steps.Single(one => one.Name == step).State == StepState.Parked);

        public async Task<decimal> BalanceAsync() =>
            (await Host.Store.LoadAsync<Account>($"a-{Number}", likelyNew: false, default)).State.Balance!.Amount;

        /// <summary>What is recorded of who asked for it.</summary>
        public async Task<JsonElement> AuditAsync(string type)
        {
            var stream = JsonSerializer.Deserialize<JsonElement>(await Host.Client.GetStringAsync(new Uri($"/api/streams/transactions/{Id}", UriKind.Relative)));
            return stream.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("type").GetString() == type).GetProperty("data");
        }
    }
}
