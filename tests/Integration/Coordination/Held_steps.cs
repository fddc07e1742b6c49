using System.Net;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>A transfer whose refused withdrawal reverts nothing: it waits for a person, and goes on from there.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Held_steps(ClassHost hosts) : IClassFixture<ClassHost>
{
    private const string Name = "held-transfer";
    private const string Withdraw = "withdraw";

    private static readonly Money Missing = new(90, "EUR");

    public static TheoryData<string> Couplings => [.. Coupling.All];

    private static IReadOnlyList<TransactionType> Definitions { get; } =
    [
        TransactionType.Of<TransferMoney>(
            new DefinitionBuilder<TransferMoney>(Name, version: 1)
                .StepWithNothingToUndo("check-limit", "accounts", t => new CheckLimit(t.From, t.Amount))
                .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), held: true)
                .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
                .Build(),
            input => input.Problems()),
    ];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_retried_from_where_they_failed(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await RefusedAsync(host, coupling);
        await host.SeedAsync("accounts", new DepositMoney(new AccountId($"a-{transfer.Number}"), Missing));

        await transfer.RetryAsync(Withdraw);
        await transfer.UntilAsync(TransactionState.Completed);

        Assert.Equal((70, 130), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Equal(
            ["check-limit", Withdraw, "deposit"],
            transfer.Ledger.Where(entry => entry.To == RecordState.Done).Select(entry => entry.Key.Split(':')[1]).Where(step => step != "start"));
        var asked = await transfer.AuditAsync("RetryRequested.v1");
        Assert.Equal(("ann", "its cause is gone", Withdraw), (asked.By, asked.Why, asked.Step));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_retried_with_a_corrected_input(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await RefusedAsync(host, coupling);
        var input = new { from = $"b-{transfer.Number}", to = $"b-{transfer.Number}", amount = new { amount = 30, currency = "EUR" } };

        await host.AcceptedAsync($"{transfer.Url}/steps/{Withdraw}/retry", new { by = "ann", why = "the other account pays", input });
        await transfer.UntilAsync(TransactionState.Completed);

        Assert.Equal((10, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        var asked = await transfer.AuditAsync("RetryRequested.v1");
        Assert.Equal(("ann", "the other account pays", Withdraw), (asked.By, asked.Why, asked.Step));
        Assert.Equal($"b-{transfer.Number}", asked.Data.GetProperty("input").GetProperty("from").GetString());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_parked_again_when_they_are_refused_again_and_reverted_by_a_cancel(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await RefusedAsync(host, coupling);
        var attempts = (await transfer.UntilAsync(_ => true)).Steps.Single(step => step.Name == Withdraw).Attempts;

        await transfer.RetryAsync(Withdraw);
        await transfer.UntilAsync(found =>
            found.State == TransactionState.NeedsAttention && found.Steps.Single(step => step.Name == Withdraw).Attempts > attempts);
        await host.AcceptedAsync($"{transfer.Url}/cancel", new { by = "ann", why = "nobody pays" });
        await transfer.UntilAsync(TransactionState.Compensated);

        Assert.Equal((10, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        await host.ProblemAsync(HttpStatusCode.Conflict, $"{transfer.Url}/steps/{Withdraw}/retry", new { by = "ann" });
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Are_given_up_when_a_person_declares_them_undone(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await RefusedAsync(host, coupling);
        var unsaid = await host.ProblemAsync(HttpStatusCode.BadRequest, $"{transfer.Url}/steps/{Withdraw}/resolve", new { by = "ann" });
        Assert.True(unsaid.GetProperty("errors").TryGetProperty("outcome", out _));

        await host.AcceptedAsync($"{transfer.Url}/steps/{Withdraw}/resolve", new { by = "ann", why = "nobody pays", outcome = "undone" });
        var ended = await transfer.UntilAsync(TransactionState.Compensated);

        Assert.Equal([StepState.Undone, StepState.Skipped, StepState.Skipped], ended.Steps.Select(step => step.State));
        Assert.Equal((10, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        var asked = await transfer.AuditAsync("ResolutionRequested.v1");
        Assert.Equal(("ann", "nobody pays", Withdraw, false), (asked.By, asked.Why, asked.Step, asked.Data.GetProperty("done").GetBoolean()));
    }

    /// <summary>A transfer from an account that has too little, when it waits for somebody to see to that; nothing of it is reverted.</summary>
    private static async Task<Transfer> RefusedAsync(CoordinatedHost host, string coupling)
    {
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        await host.SeedAsync("accounts", new WithdrawMoney(new AccountId($"a-{transfer.Number}"), Missing));
        await transfer.StartAsync();
        var parked = await transfer.ParkedAsync(Withdraw);
        Assert.Equal($"{Withdraw}: Its balance is too low.", parked.Reason);
        Assert.Equal([StepState.Succeeded, StepState.Parked, StepState.Waiting], parked.Steps.Select(step => step.State));
        return transfer;
    }
}
