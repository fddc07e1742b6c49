using System.Net;
using Atomic.EventSourcing;
using Atomic.Functions.Orchestration;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>What a transaction cannot do as it stands is refused with a problem that says so, nothing changes, and nothing is recorded of it.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Asked_at_the_wrong_moment(ClassHost hosts) : IClassFixture<ClassHost>
{
    private const string Withdraw = "withdraw";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly object Ann = new { by = "ann", why = "in a hurry" };
    private static readonly object Approval = new { approved = true, by = "ann" };

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task A_retry_a_resolution_and_a_cancel_are_refused(string coupling)
    {
        var host = await hosts.StartedAsync();
        foreach (var (path, body) in new[] { ("cancel", Ann), ("steps/withdraw/retry", Ann), ("steps/withdraw/resolve", Ann), ("approvals/approve", Approval) })
            await SaysAsync(host, HttpStatusCode.NotFound, $"/api/transactions/nobody/{path}", body, "'nobody'");

        var transfer = await Transfer.NewAsync(host, coupling);
        var write = host.Store.On(transfer.KeyOf(Withdraw), RecordState.None, RecordState.Done, Mishap.Waits);
        await transfer.StartAsync();
        await write.Reached.WaitAsync(Patience);
        await transfer.UntilAsync(Withdraw, StepState.Running);
        await SaysAsync(host, HttpStatusCode.NotFound, $"{transfer.Url}/steps/nothing/retry", Ann, "'nothing'");
        await SaysAsync(host, HttpStatusCode.NotFound, $"{transfer.Url}/steps/nothing/resolve", Ann, "'nothing'");
        await SaysAsync(host, HttpStatusCode.NotFound, $"{transfer.Url}/approvals/{Withdraw}", Approval, $"'{Withdraw}'");
        await IsNotParkedAsync(transfer, StepState.Running);
        var nobody = await host.ProblemAsync(HttpStatusCode.BadRequest, $"{transfer.Url}/steps/{Withdraw}/retry", new { by = "", why = "x" });
        Assert.True(nobody.GetProperty("errors").TryGetProperty("by", out _));

        transfer.Heal(Withdraw);
        await transfer.UntilAsync(TransactionState.Completed);
        await IsNotParkedAsync(transfer, StepState.Succeeded);
        await SaysAsync(host, HttpStatusCode.Conflict, $"{transfer.Url}/cancel", Ann, "has ended: Completed");

        Assert.Equal(70, await transfer.BalanceAsync());
        Assert.DoesNotContain(await transfer.AuditAsync(), e => e.GetProperty("type").GetString()!.Contains("Requested", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task What_is_compensated_is_not_begun_again(string coupling)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, coupling);
        host.Store.On(transfer.KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
        await transfer.StartAsync();
        await transfer.UntilAsync(TransactionState.Compensated);

        await IsNotParkedAsync(transfer, StepState.Undone);
        await SaysAsync(host, HttpStatusCode.Conflict, $"{transfer.Url}/cancel", Ann, "has ended: Compensated");
        Assert.Equal(TransactionState.Compensated, (await transfer.StartAsync()).State);

        Assert.Equal(100, await transfer.BalanceAsync());
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task A_second_decision_is_refused(string coupling)
    {
        var host = await hosts.StartedAsync();
        var (sample, number) = (Sample.All["dear-trip"], Guid.NewGuid().ToString("N")[..12]);
        await sample.SeedAsync(host, number);
        var id = (await host.StartAsync(sample.Definition.Name, coupling, sample.Input(number), number)).Id;
        await host.UntilAsync(id, found => found.Steps.Single(step => step.Name == "approve").State == StepState.Running);

        await host.AcceptedAsync($"/api/transactions/{id}/approvals/approve", Approval);
        await host.UntilAsync(id, found => found.State == TransactionState.Completed);

        await SaysAsync(host, HttpStatusCode.Conflict, $"/api/transactions/{id}/approvals/approve", new { approved = false, by = "bob" }, "does not wait for a decision");
        Assert.Equal(TransactionState.Completed, (await host.FindAsync(id)).State);
    }

    private static async Task IsNotParkedAsync(Transfer transfer, StepState state)
    {
        foreach (var act in new[] { "retry", "resolve" })
            await SaysAsync(transfer.Host, HttpStatusCode.Conflict, $"{transfer.Url}/steps/{Withdraw}/{act}", Ann, $"is not parked: {state}");
    }

    private static async Task SaysAsync(CoordinatedHost host, HttpStatusCode status, string path, object body, string detail) =>
        Assert.Contains(detail, (await host.ProblemAsync(status, path, body)).GetProperty("detail").GetString(), StringComparison.Ordinal);
}
