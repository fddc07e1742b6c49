using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A command that is never answered is given up by who carries it out, too, when its sender has given it up: a queue is not for ever held up by it.</summary>
public sealed class Commands_that_hang
{
    private static readonly TimeSpan Patience = Coupling.PatienceOf(Coupling.Commands)!.Value;

    [Theory]
    [InlineData(null)]
    [InlineData(20)]
    public void Are_given_up_when_their_sender_has_given_them_up(int? seconds)
    {
        var limit = seconds is { } own ? TimeSpan.FromSeconds(own) : (TimeSpan?)null;
        var hangs = 1;
        using var app = Transfers.Open(Transfer(limit), around: (call, carryOut) =>
            call.Name == nameof(WithdrawMoney) && hangs-- > 0 ? new TaskCompletionSource<Answer>().Task : carryOut(call.Invocation));
        var id = Transfers.Start(app, Transfer(limit), Coupling.Commands);

        app.Scheduler.RunFor((limit ?? Patience) - TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(app.Scheduler.Trace, IsSettled);
        app.Scheduler.RunFor((limit ?? Patience) + TimeSpan.FromSeconds(1));
        Assert.Contains(app.Scheduler.Trace, IsSettled);

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Equal((70, 130), Transfers.Balances(app));
        Assert.Empty(app.Bus.Failures);

        bool IsSettled(string happened) =>
            happened.StartsWith("complete accounts-commands", StringComparison.Ordinal) && happened.Contains($"{id}:withdraw:{Act.Do}:1", StringComparison.Ordinal);
    }

    private static Definition Transfer(TimeSpan? limit) => new DefinitionBuilder<TransferMoney>("hanging-transfer", version: 1)
        .Step("withdraw", "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount),
            retry: Retry.Default with { Limit = limit })
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .Build();
}
