using System.Net;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>A transfer whose deposit somebody else makes, and tells over HTTP.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Waiting_for_an_event(ClassHost hosts) : IClassFixture<ClassHost>
{
    private const string Name = "awaited-deposit";
    private const string Await = "await-deposit";

    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    public static TheoryData<string> Couplings => [.. Coupling.All];

    private static IReadOnlyList<TransactionType> Definitions { get; } =
    [
        TransactionType.Of<TransferMoney>(
            new DefinitionBuilder<TransferMoney>(Name, version: 1)
                .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
                .Decision<DepositMoney>(Await, "accounts", t => new DepositMoney(t.To, t.Amount), Limit)
                .Pivot("send-receipt", "accounts", t => new SendReceipt(t.From, t.To, t.Amount))
                .Build(),
            input => input.Problems()),
    ];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task It_completes_by_what_was_told_first_and_is_reverted_where_nothing_was(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var (told, forgotten) = (await WaitingAsync(host, coupling), await WaitingAsync(host, coupling));
        var path = $"{told.Url}/events/{Await}";
        var wrong = await host.ProblemAsync(HttpStatusCode.BadRequest, path, Deposit($"a-{told.Number}", 25));
        Assert.True(wrong.GetProperty("errors").TryGetProperty("account", out _));
        var unknown = await host.ProblemAsync(HttpStatusCode.BadRequest, path, new { isAdmin = true });
        Assert.Equal("is unknown.", unknown.GetProperty("errors").GetProperty("isAdmin")[0].GetString());
        await host.ProblemAsync(HttpStatusCode.NotFound, $"{told.Url}/events/withdraw", Deposit($"b-{told.Number}", 25));

        await host.AcceptedAsync(path, Deposit($"b-{told.Number}", 25));
        await told.UntilAsync(TransactionState.Completed);
        await host.AcceptedAsync(path, Deposit($"b-{told.Number}", 25));
        await host.ProblemAsync(HttpStatusCode.Conflict, path, Deposit($"b-{told.Number}", 26));
        await host.SettledAsync("accounts");
        host.Time.Leap(Limit + TimeSpan.FromMinutes(1));
        await forgotten.UntilAsync(TransactionState.Compensated);

        Assert.Equal((70, 125), (await told.BalanceAsync("a"), await told.BalanceAsync("b")));
        Assert.Equal((100, 100), (await forgotten.BalanceAsync("a"), await forgotten.BalanceAsync("b")));
        Assert.Equal(Await, (await told.AuditAsync("AnswerGiven.v1")).Step);
    }

    private static async Task<Transfer> WaitingAsync(CoordinatedHost host, string coupling)
    {
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        await transfer.StartAsync();
        await transfer.UntilAsync(Await, StepState.Running);
        return transfer;
    }

    private static object Deposit(string account, int amount) => new { account, amount = new { amount, currency = "EUR" } };
}
