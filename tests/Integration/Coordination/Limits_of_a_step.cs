using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>How often and how long a step is tried, and what the answer about its transaction says of that.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Limits_of_a_step(ClassHost hosts) : IClassFixture<ClassHost>, IDisposable
{
    private const string Name = "limited-transfer";
    private const string Withdraw = "withdraw";

    // Well below the minute that a message is locked for.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Couplings => [.. Coupling.All];

    private static IReadOnlyList<TransactionType> Definitions { get; } =
    [
        TransactionType.Of<TransferMoney>(
            new DefinitionBuilder<TransferMoney>(Name, version: 1)
                .Step("announce", "accounts", t => new WithdrawMoney(t.To, t.Amount), undoneBy: t => new ReturnMoney(t.To, t.Amount))
                .Step(Withdraw, "accounts", t => new WithdrawMoney(t.From, t.Amount), undoneBy: t => new ReturnMoney(t.From, t.Amount),
                    retry: new Retry(2, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), Limit))
                .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
                .Build(),
            input => input.Problems()),
    ];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task One_that_hangs_is_given_up_at_its_time_limit_and_undone_and_comes_too_late_after_that(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        var hanging = host.Participants.Hold(transfer.KeyOf(Withdraw), nameof(WithdrawMoney));
        await transfer.StartAsync();

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await hanging.MetAsync(attempt);
            host.Time.Leap(Limit + TimeSpan.FromSeconds(1));
        }

        var ended = await transfer.UntilAsync(TransactionState.Compensated);
        Assert.Equal($"{Withdraw}: No answer within {Limit}.", ended.Reason);
        // Two tries, and the question whether either was carried out. A message that is delivered again is no try of its own.
        IsTried(ended, StepState.Skipped, attempts: 3);
        hanging.LetAll();
        await hanging.PassedAsync();
        Assert.Equal((100, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Equal("", Ended.Of(ended, Definitions[0].Definition, transfer.Ledger).Standing);
        Assert.Empty(await host.DeadLettersAsync());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task One_that_hangs_once_is_done_by_its_second_try(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        var hanging = host.Participants.Hold(transfer.KeyOf(Withdraw), nameof(WithdrawMoney));
        await transfer.StartAsync();
        await hanging.MetAsync();

        host.Time.Leap(Limit + TimeSpan.FromSeconds(1));
        await hanging.MetAsync(2);
        hanging.Let(1);
        var ended = await transfer.UntilAsync(TransactionState.Completed);
        hanging.LetAll();
        await hanging.PassedAsync();

        IsTried(ended, StepState.Succeeded, attempts: 2);
        Assert.Equal((70, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Single(transfer.Ledger, entry => entry.Key == transfer.KeyOf(Withdraw));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task One_whose_error_is_final_is_not_tried_again(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        var failed = host.Participants.IsOfNoUse(transfer.KeyOf(Withdraw), nameof(WithdrawMoney));

        await transfer.StartAsync();
        var ended = await transfer.UntilAsync(TransactionState.Compensated);

        Assert.Equal($"{Withdraw}: There is no such thing, and never will be.", ended.Reason);
        Assert.Equal(1, failed());
        IsTried(ended, StepState.Skipped, attempts: 2);
        Assert.Equal((100, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Every_try_is_counted(string coupling)
    {
        var host = await hosts.StartedAsync(Definitions);
        var transfer = await Transfer.NewAsync(host, coupling, Name);
        host.Store.On(transfer.KeyOf("announce"), RecordState.None, RecordState.Done, Mishap.FailsBefore, times: 2);
        host.Store.On(transfer.KeyOf("announce"), RecordState.Done, RecordState.Undone, Mishap.FailsBefore, times: 1);
        host.Store.On(transfer.KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);

        await transfer.StartAsync();
        var ended = await transfer.UntilAsync(TransactionState.Compensated);

        // Three dos and two undos; one of each; and two dos of which the first was refused without anybody being told.
        Assert.Equal([5, 2, 2], ended.Steps.Select(step => step.Attempts));
    }

    public void Dispose() => hosts.LetAll();

    private static void IsTried(TransactionView ended, StepState state, int attempts)
    {
        var step = ended.Steps.Single(step => step.Name == Withdraw);
        Assert.Equal((state, attempts), (step.State, step.Attempts));
    }
}
