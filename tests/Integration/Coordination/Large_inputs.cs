using System.Net;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>Inputs as large as they may be, in a script that takes three bytes a character, and a byte larger.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Large_inputs(AzuriteFixture azurite)
{
    private const int Largest = 120 * 1024;

    private readonly string _number = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Are_carried_through_in_every_coupling_and_one_byte_more_is_refused()
    {
        await using var host = await CoordinatedHost.StartAsync(azurite, [.. ShippedDefinitions.All, Noted]);
        foreach (var coupling in Coupling.All)
        {
            var number = $"{_number}-{coupling}";
            await Sample.OpenAsync(host, number);
            var id = (await host.StartAsync("noted-transfer", coupling, Input(number, Largest), number)).Id;

            await host.UntilAsync(id, found => found.State == TransactionState.Completed);
            // The tracker lists what it has heard the end of.
            await host.UntilListedAsync($"/api/transactions?state=Completed&definition=noted-transfer&coordination={coupling}", id);
            var problem = await host.ProblemAsync(
                HttpStatusCode.RequestEntityTooLarge, $"/api/transactions/noted-transfer?coordination={coupling}", Json(Input(number, Largest + 1)));
            Assert.Contains($"at most {Largest} bytes, and this one has {Largest + 1}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private static TransactionType Noted { get; } = TransactionType.Of<NotedTransfer>(
        new DefinitionBuilder<NotedTransfer>("noted-transfer", version: 1)
            .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount))
            .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
            .Build(),
        _ => []);

    /// <summary>An input that takes so many bytes.</summary>
    private static NotedTransfer Input(string number, int size)
    {
        var bare = new NotedTransfer(new AccountId($"a-{number}"), new AccountId($"b-{number}"), new Money(30, "EUR"), "");
        var left = size - JsonSerializer.SerializeToUtf8Bytes(bare, StorageJson.Options).Length;
        return bare with { Note = new StringBuilder().Append(Varied(left / 3)).Append('a', left % 3).ToString() };
    }

    private static string Varied(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('一' + (i * 7_919 % 20_000))));

    private static JsonElement Json(NotedTransfer input) => JsonSerializer.SerializeToElement(input, StorageJson.Options);

    private sealed record NotedTransfer(AccountId From, AccountId To, Money Amount, string Note);
}
