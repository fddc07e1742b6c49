using System.Security.Cryptography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Integration.Shop;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.Coordination;

/// <summary>Many transactions that wait for a person, in all couplings: while they wait, and after the host was started anew.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Waiting(AzuriteFixture azurite, ITestOutputHelper output) : IDisposable
{
    private const int Transactions = 1_000;
    private const int AtOnce = 32;
    private const int Leaps = 6;
    private const string Approve = "approve";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-waiting-");

    private static IReadOnlyList<TransactionType> Definitions { get; } =
    [
        TransactionType.Of<TransferMoney>(
            new DefinitionBuilder<TransferMoney>("approved-deposit", version: 1)
                .Approval(Approve, TimeSpan.FromDays(2))
                .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
                .Build(),
            input => input.Problems()),
    ];

    [Fact]
    public async Task A_thousand_cost_nothing_and_all_of_them_go_on_after_a_restart()
    {
        var ids = new List<string>();
        var run = Guid.NewGuid().ToString("N")[..8];
        using (var requests = new CountedRequests())
        await using (var host = await CoordinatedHost.StartAsync(azurite, Definitions, _data.FullName, requests))
        {
            var idle = await CountAsync(host, requests);
            var before = Contents();
            await host.SeedAsync("accounts", new OpenAccount(new AccountId($"b-{run}"), new Money(1, "EUR"), new Money(1, "EUR")));
            ids.AddRange(await EachAsync(Enumerable.Range(0, Transactions), async n => (await host.StartAsync(
                "approved-deposit", Coupling.All[n % Coupling.All.Count],
                new TransferMoney(new AccountId($"a-{run}"), new AccountId($"b-{run}"), new Money(1, "EUR")), $"{run}-{n}")).Id));
            await EachAsync(ids, id => host.UntilAsync(id, found => found.Steps[0].State == StepState.Running));

            Assert.NotEmpty(Changed(before));

            var waiting = await CountAsync(host, requests);

            output.WriteLine($"{Leaps} hours with nothing: {idle.Requests} requests to storage; with {Transactions} waiting: {waiting.Requests}.");
            // Who watches all of them asks for pages of them; one that was asked for by itself would be a thousand an hour. How many look at
            // empty months in the same moment is chance.
            Assert.InRange(waiting.PointReads, 0, idle.PointReads + (Transactions / 10));
            Assert.InRange(waiting.Requests, 0, idle.Requests + Transactions - 1);
            Assert.Empty(waiting.Written);
        }

        await using var again = await CoordinatedHost.StartAsync(azurite, Definitions, _data.FullName);
        await EachAsync(ids, async id =>
        {
            await again.AcceptedAsync($"/api/transactions/{id}/approvals/{Approve}", new { approved = true, by = "ann" });
            return await again.UntilAsync(id, found => found.State == TransactionState.Completed);
        });
        var account = await again.Store.LoadAsync<Account>($"b-{run}", likelyNew: false, default);
        Assert.Equal(1 + Transactions, account.State.Balance!.Amount);
    }

    public void Dispose() => _data.Delete(recursive: true);

    /// <summary>What it costs when hours pass: requests to storage, and to which of their files engine and broker write.</summary>
    private async Task<(int Requests, int PointReads, IReadOnlyList<string> Written)> CountAsync(CoordinatedHost host, CountedRequests requests)
    {
        await UntilStillAsync(host);
        requests.Clear();
        var before = Contents();
        for (var leap = 0; leap < Leaps; leap++)
        {
            host.Time.Leap(TimeSpan.FromHours(1));
            await Task.Delay(Quiet / 4, TimeProvider.System);
        }

        await Task.Delay(Quiet, TimeProvider.System);
        return (requests.Total, requests.Of(CountedRequests.PointReads), Changed(before));
    }

    /// <summary>What was still under way would be counted, and a leap would end its locks.</summary>
    private async Task UntilStillAsync(CoordinatedHost host)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var isStill = false; !isStill;)
        {
            await host.SettledAsync();
            var before = Contents();
            await Task.Delay(Quiet, TimeProvider.System, limit.Token);
            isStill = Changed(before).Count == 0;
        }
    }

    /// <summary>All that is written goes through a log, which is written over once it has reached its size, and grows no more.</summary>
    private Dictionary<string, string> Contents() => _data.EnumerateFiles("*.db-wal")
        .ToDictionary(file => file.Name, file =>
        {
            using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Convert.ToHexString(SHA256.HashData(content));
        });

    private List<string> Changed(Dictionary<string, string> before) =>
        [.. Contents().Where(now => before.GetValueOrDefault(now.Key) != now.Value).Select(now => now.Key).Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<TResult>> EachAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> doAsync)
    {
        using var room = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(items.Select(async item =>
        {
            await room.WaitAsync();
            try
            {
                return await doAsync(item);
            }
            finally
            {
                room.Release();
            }
        }));
    }
}
