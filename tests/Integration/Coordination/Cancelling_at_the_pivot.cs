using System.Net;
using Atomic.EventSourcing;
using Atomic.Functions.Orchestration;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>A cancel that comes while the pivot is under way: its record decides, and nothing else, and exactly one of the two comes of it.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Cancelling_at_the_pivot(ClassHost hosts) : IClassFixture<ClassHost>, IDisposable
{
    private const string Deposit = "deposit";
    private const int Racing = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly object Ann = new { by = "ann", why = "changed my mind" };

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Comes_too_late_when_the_pivot_is_being_written(string coupling)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, coupling);
        var write = host.Store.On(transfer.KeyOf(Deposit), RecordState.None, RecordState.Done, Mishap.Waits);
        await transfer.StartAsync();
        await write.Reached.WaitAsync(Patience);

        await CancelAsync(transfer);
        transfer.Heal(Deposit);
        var ended = await transfer.UntilAsync(TransactionState.Completed);

        Assert.Equal((70, 130), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Equal(TransactionState.Completed, Ended.Of(ended, Sample.All["transfer-money"].Effective, transfer.Ledger).State);
        await IsTooLateAsync(transfer);
        var asked = await transfer.AuditAsync("CancelRequested.v1");
        Assert.Equal(("ann", "changed my mind"), (asked.By, asked.Why));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Reverts_when_it_meets_the_record_before_the_pivot_does(string coupling)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, coupling);
        // On the way to its participant, or there but before the barrier.
        var pivot = coupling == Coupling.Commands
            ? host.Bus.HoldCommand($"{transfer.KeyOf(Deposit)}:Do:1")
            : host.Participants.Hold(transfer.KeyOf(Deposit), "DepositMoney");
        await transfer.StartAsync();
        await pivot.MetAsync();

        await CancelAsync(transfer);
        await transfer.UntilAsync(TransactionState.Compensated);
        pivot.LetAll();
        await pivot.PassedAsync();
        await host.Host.UntilEmptyAsync("accounts-commands");
        await host.Host.UntilEmptyAsync("events", "accounts-steps");

        var ended = await transfer.UntilAsync(TransactionState.Compensated);
        Assert.Equal((100, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Equal($"{Deposit}: Cancelled by ann: changed my mind", ended.Reason);
        Assert.Equal("", Ended.Of(ended, Sample.All["transfer-money"].Effective, transfer.Ledger).Standing);
        await IsTooLateAsync(transfer);
        Assert.Empty(await host.DeadLettersAsync());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Or_at_any_moment_leaves_all_or_nothing(string coupling)
    {
        var host = await hosts.StartedAsync();
        await Task.WhenAll(Enumerable.Range(0, Racing).Select(async _ =>
        {
            var transfer = await Transfer.NewAsync(host, coupling);
            await transfer.StartAsync();
            await transfer.UntilAsync(found => found.Steps.Any(step => step.Name == "withdraw" && step.State != StepState.Waiting));
            var (status, answer) = await host.PostAsync($"{transfer.Url}/cancel", Ann);
            Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{(int)status} {answer}");

            var ended = await transfer.UntilAsync(found => found.State is TransactionState.Completed or TransactionState.Compensated);

            // The oracle holds the ledger against the end.
            Ended.Of(ended, Sample.All["transfer-money"].Effective, transfer.Ledger);
            if (status == HttpStatusCode.Conflict) Assert.Equal(TransactionState.Completed, ended.State);
            var moved = ended.State == TransactionState.Completed ? 30 : 0;
            Assert.Equal((100 - moved, 100 + moved), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        }));
    }

    public void Dispose() => hosts.LetAll();

    /// <summary>Returns once the cancel is where it must be: at the pivot's participant, or on its way there behind the pivot.</summary>
    private static async Task CancelAsync(Transfer transfer)
    {
        await transfer.Host.AcceptedAsync($"{transfer.Url}/cancel", Ann);
        await transfer.Host.Host.UntilEmptyAsync("transactions-commands");
        if (transfer.Coupling != Coupling.Events) await transfer.UntilAsync(found => found.Steps.Single(step => step.Name == Deposit).State != StepState.Running);
    }

    private static async Task IsTooLateAsync(Transfer transfer)
    {
        var problem = await transfer.Host.ProblemAsync(HttpStatusCode.Conflict, $"{transfer.Url}/cancel", Ann);
        Assert.Contains(transfer.Id, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
