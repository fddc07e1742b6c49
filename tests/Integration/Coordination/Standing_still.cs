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
        var before = host.Time.GetUtcNow();
        await transfer.RetryAsync(Withdraw);
        await transfer.UntilAsync(found => found.State == TransactionState.Compensated);

        Assert.Equal(100, await transfer.BalanceAsync());
        var retried = await transfer.AuditAsync("RetryRequested.v1");
        Assert.Equal(("ann", "its cause is gone", Withdraw), (retried.By, retried.Why, retried.Step));
        Assert.InRange(retried.At, before, host.Time.GetUtcNow());
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
        var asked = await transfer.AuditAsync("RetryRequested.v1");
        Assert.Equal(("ann", "the sum was wrong", Receipt), (asked.By, asked.Why, asked.Step));
        Assert.Equal(29, asked.Data.GetProperty("input").GetProperty("amount").GetProperty("amount").GetInt32());
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
        Assert.Equal(("ann", "paid in cash", Withdraw, false), (resolved.By, resolved.Why, resolved.Step, resolved.Data.GetProperty("done").GetBoolean()));
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

        foreach (var transfer in transfers)
            Assert.Equal([transfer.Id], await RetryAllAsync(host, dryRun: true, new { coordination = transfer.Coupling, step = Withdraw }));
        Assert.Equal([other.Id], await RetryAllAsync(host, dryRun: true, new { step = Receipt }));
        Assert.Empty(await RetryAllAsync(host, dryRun: true, new { definition = "place-order" }));
        Assert.Empty(await RetryAllAsync(host, dryRun: true, new { from = host.Time.GetUtcNow().AddHours(1) }));
        Assert.Equal(transfers.Select(one => one.Id).Order(), (await RetryAllAsync(host, dryRun: true)).Order());
        Assert.Equal(transfers.Select(one => one.Id).Order(), (await RetryAllAsync(host, dryRun: false)).Order());

        await Task.WhenAll(transfers.Select(transfer => transfer.UntilAsync(found => found.State == TransactionState.Compensated)));
        foreach (var transfer in transfers)
        {
            var asked = await transfer.AuditAsync("RetryRequested.v1");
            Assert.Equal(("ann", "all at once", Withdraw), (asked.By, asked.Why, asked.Step));
        }

        Assert.Equal(TransactionState.NeedsAttention, (await other.UntilAsync(_ => true)).State);
    }

    /// <summary>Page by page, to the last.</summary>
    private static async Task<List<string>> RetryAllAsync(CoordinatedHost host, bool dryRun, object? only = null)
    {
        var ids = new List<string>();
        string? continuation = null;
        do
        {
            var filter = only ?? new { definition = "transfer-money", step = Withdraw };
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
}
