using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Messaging;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>Coupling <c>commands</c>, over the real queue of replies: one that nobody waits for changes nothing, whatever it says.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Replies_that_come_late_or_twice(ClassHost hosts) : IClassFixture<ClassHost>, IDisposable
{
    private const string Replies = "transaction-replies";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Change_nothing_when_every_reply_of_every_definition_comes_twice()
    {
        var host = await hosts.StartedAsync();
        var before = host.Bus.Given.Count;
        host.Bus.DoublesReplies = true;

        foreach (var happening in new[] { Happening.Nothing, Happening.IsRefused })
        {
            var ended = await Task.WhenAll(Sample.All.Values.Select(async sample =>
                await new Scenario(sample, happening, happening == Happening.Nothing ? "" : sample.Effective.Pivot, Coupling.Commands).RunAsync(host, () => Task.CompletedTask)));
            Assert.All(ended, one => Assert.Equal(happening == Happening.Nothing ? TransactionState.Completed : TransactionState.Compensated, one.State));
        }

        await host.Host.UntilEmptyAsync(Replies);
        host.Bus.DoublesReplies = false;
        Assert.True(host.Bus.Given.Count - before > 40, $"Only {host.Bus.Given.Count - before} replies were doubled.");
        Assert.Empty(await host.DeadLettersAsync());
    }

    [Fact]
    public async Task Change_nothing_while_a_later_step_is_under_way()
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, Coupling.Commands);
        var deposit = host.Store.On(transfer.KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.Waits);
        await transfer.StartAsync();
        await deposit.Reached.WaitAsync(Patience);
        // It is shown as running once the orchestrator has been given the reply before it.
        await transfer.UntilAsync("deposit", StepState.Running);

        foreach (var reply in host.Bus.GivenTo(transfer.Id)) await AgainAsync(host, reply);
        await host.Host.UntilEmptyAsync(Replies);
        transfer.Heal("deposit");
        var ended = await transfer.UntilAsync(TransactionState.Completed);

        Assert.Equal((70, 130), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.All(ended.Steps, step => Assert.Equal((StepState.Succeeded, 1), (step.State, step.Attempts)));
        Assert.Equal(5, ended.Cost.Activities);
        Assert.Empty(await host.DeadLettersAsync());
    }

    [Theory]
    [InlineData(TransactionState.Completed)]
    [InlineData(TransactionState.Compensated)]
    public async Task Change_nothing_after_the_end(TransactionState end)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, Coupling.Commands);
        if (end == TransactionState.Compensated)
            host.Store.On(transfer.KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
        await transfer.StartAsync();
        await transfer.UntilAsync(found => found.State == end && found.EndedAt is not null);
        // What the tracker needs for the end counts to the transaction's cost.
        await host.Host.UntilEmptyAsync("events", "transactions");
        var before = await host.FindAsync(transfer.Id);
        var (ledger, balance) = (transfer.Ledger.Count, await transfer.BalanceAsync());

        foreach (var reply in host.Bus.GivenTo(transfer.Id)) await AgainAsync(host, reply);
        await host.Host.UntilEmptyAsync(Replies);

        Assert.Equal(Text(before), Text(await host.FindAsync(transfer.Id)));
        Assert.Equal((ledger, balance), (transfer.Ledger.Count, await transfer.BalanceAsync()));
        Assert.Empty(await host.DeadLettersAsync());
    }

    [Fact]
    public async Task Count_when_they_answer_an_earlier_try_of_what_is_tried_again()
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, Coupling.Commands);
        var first = host.Bus.HoldReply($"{transfer.KeyOf("withdraw")}:Do:1");
        var second = host.Bus.HoldReply($"{transfer.KeyOf("withdraw")}:Do:2");
        await transfer.StartAsync();
        await first.MetAsync();

        // A reply is waited for for a minute. The second try waits behind the first, whose reply is still being given.
        host.Time.Leap(TimeSpan.FromSeconds(61));
        await transfer.UntilAsync(found => found.Steps.Single(step => step.Name == "withdraw").Attempts == 2);
        first.LetAll();
        await transfer.UntilAsync("withdraw", StepState.Succeeded);
        await second.MetAsync();
        second.LetAll();
        var ended = await transfer.UntilAsync(TransactionState.Completed);
        await host.Host.UntilEmptyAsync(Replies);

        Assert.Equal((70, 130), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        Assert.Equal(2, ended.Steps.Single(step => step.Name == "withdraw").Attempts);
        Assert.Single(transfer.Ledger, entry => entry.Key == transfer.KeyOf("withdraw"));
        Assert.Empty(await host.DeadLettersAsync());
    }

    public void Dispose() => hosts.LetAll();

    /// <summary>The same reply, and others to the same try that say otherwise.</summary>
    private static async Task AgainAsync(CoordinatedHost host, CommandReply reply)
    {
        await ScriptedBus.SendAsync(host.Host.Bus, reply);
        await ScriptedBus.SendAsync(host.Host.Bus, reply with { Answer = new Answer(false, "The business says no.", false, []) });
        await ScriptedBus.SendAsync(host.Host.Bus, reply with { Answer = null, Failure = "It was lost." });
    }

    private static string Text(TransactionView view) => System.Text.Json.JsonSerializer.Serialize(view, StorageJson.Options);
}
