using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>A definition gets a new version while transactions run under the old one.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Several_versions(AzuriteFixture azurite) : IDisposable
{
    private const string Name = "approved-transfer";
    private const string Approve = "approve";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-versions-");

    private static TransactionType First { get; } = TypeOf(new DefinitionBuilder<TransferMoney>(Name, version: 1)
        .Approval(Approve, TimeSpan.FromDays(2))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build());

    private static TransactionType Second { get; } = TypeOf(new DefinitionBuilder<TransferMoney>(Name, version: 2)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
        .Approval(Approve, TimeSpan.FromDays(2))
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build());

    [Fact]
    public async Task Running_ones_finish_under_theirs_and_new_ones_take_the_newest()
    {
        List<string> old;
        var number = Guid.NewGuid().ToString("N")[..12];
        await using (var host = await CoordinatedHost.StartAsync(azurite, [First], _data.FullName))
        {
            await Sample.OpenAsync(host, number);
            old = await StartAllAsync(host, number, "old");
        }

        await using var both = await CoordinatedHost.StartAsync(azurite, [First, Second], _data.FullName);
        var young = await StartAllAsync(both, number, "young");
        foreach (var id in old.Concat(young)) await both.AcceptedAsync($"/api/transactions/{id}/approvals/{Approve}", new { approved = true, by = "ann" });

        foreach (var id in old) Assert.Equal((1, 2), await EndOfAsync(both, id));
        foreach (var id in young) Assert.Equal((2, 3), await EndOfAsync(both, id));
        Assert.Equal(100 - (young.Count * 10), (await both.Store.LoadAsync<Account>($"a-{number}", likelyNew: false, default)).State.Balance!.Amount);
        Assert.Equal(100 + ((old.Count + young.Count) * 10), (await both.Store.LoadAsync<Account>($"b-{number}", likelyNew: false, default)).State.Balance!.Amount);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static TransactionType TypeOf(Definition definition) => TransactionType.Of<TransferMoney>(definition, input => input.Problems());

    private static async Task<List<string>> StartAllAsync(CoordinatedHost host, string number, string key)
    {
        var ids = new List<string>();
        foreach (var coupling in Coupling.All)
        {
            var input = Sample.Transfer(number) with { Amount = new Services.Money(10, "EUR") };
            ids.Add((await host.StartAsync(Name, coupling, input, $"{number}-{key}-{coupling}")).Id);
            await host.UntilAsync(ids[^1], found => found.Steps.Single(step => step.Name == Approve).State == StepState.Running);
        }

        return ids;
    }

    private static async Task<(int Version, int Steps)> EndOfAsync(CoordinatedHost host, string id)
    {
        var ended = await host.UntilAsync(id, found => found.State == TransactionState.Completed);
        return (ended.Version, ended.Steps.Count);
    }
}
