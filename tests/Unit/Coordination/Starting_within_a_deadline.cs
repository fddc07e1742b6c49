using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A coupling in which a lost reply takes a minute is not offered where the deadline leaves no such time.</summary>
public sealed class Starting_within_a_deadline
{
    // Two steps of five tries: 10 minutes unanswered, and twice 3 seconds between the tries.
    [Theory]
    [InlineData(Coupling.Requests, 60, null, true)]
    [InlineData(Coupling.Events, 60, null, true)]
    [InlineData(Coupling.Commands, 605, null, false)]
    [InlineData(Coupling.Commands, 606, null, true)]
    [InlineData(Coupling.Commands, 60, 1, true)]
    public void Is_refused_where_the_tries_can_take_longer(string coupling, int seconds, int? limit, bool isTaken)
    {
        var retry = Retry.Default with { Limit = limit is { } own ? TimeSpan.FromSeconds(own) : null };
        using var app = Transfers.Open(new DefinitionBuilder<TransferMoney>("timely-transfer", version: 1)
            .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount), retry: retry)
            .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount), retry: retry)
            .Deadline(TimeSpan.FromSeconds(seconds))
            .Build());

        var told = Record.Exception(() => app.Start("timely-transfer", coupling, Transfers.Input(from: "a")));

        if (isTaken) Assert.Null(told);
        else Assert.Contains("00:10:06", Assert.Single(Assert.IsType<ProblemException>(told).Errors!["coordination"]), StringComparison.Ordinal);
    }
}
