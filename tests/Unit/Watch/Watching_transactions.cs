using Atomic.Functions.Watch;
using Atomic.Transactions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Xunit;

namespace Atomic.Unit.Watch;

public sealed class Watching_transactions : Watching
{
    [Fact]
    public async Task Begins_again_what_has_failed_once_a_run_and_gives_up_in_the_end()
    {
        for (var run = 1; run <= WatchedTransaction.MostAttempts + 1; run++)
        {
            Known = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(run));
            Assert.Equal("It strayed.", (await FindAsync())!.Reason);
        }

        Restarted(WatchedTransaction.MostAttempts);
        Assert.Contains("begun again 3 times", (await WatchedAsync()).Reason, StringComparison.Ordinal);
    }

    // The record was written, and the process ended before it could act.
    [Fact]
    public async Task Begins_again_what_it_has_on_record_and_has_not_done()
    {
        Known = Instance(OrchestrationRuntimeStatus.Failed, Now);
        Engine.SetupSequence(engine => engine.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>())).ThrowsAsync(new TimeoutException()).ReturnsAsync("t-1");
        Assert.Null(await FindAsync());

        await FindAsync();

        Restarted(2);
        Assert.Equal((Repair.Restart, 2), ((await WatchedAsync()).Repair, (await WatchedAsync()).Attempts));
    }

    [Fact]
    public async Task Says_what_it_cannot_look_at_as_often_as_its_alert_needs()
    {
        Known = Instance(OrchestrationRuntimeStatus.Failed, Now);
        Engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ThrowsAsync(new TimeoutException());
        for (var end = Now + UnwatchedAlert.LooksBack; Time.GetUtcNow() < end; Time.Advance(TimeSpan.FromMinutes(5))) Assert.Null(await FindAsync());

        Assert.InRange(Unseen.Lines.Count(line => line.StartsWith("TransactionNotWatched Transaction t-1 ", StringComparison.Ordinal)), UnwatchedAlert.Needs, 4);
    }

    [Fact]
    public async Task Loads_what_it_did_before_once_for_each_that_it_finds()
    {
        Known = Instance(OrchestrationRuntimeStatus.Failed, Now);

        await FindAsync();

        Assert.Equal((1, 1), (Events.Loads, Events.Appends));
    }

    [Fact]
    public async Task Calls_a_person_once_for_what_it_has_given_up()
    {
        for (var run = 1; run <= WatchedTransaction.MostAttempts; run++)
        {
            Known = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(run));
            await FindAsync();
        }

        Known = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(10));
        for (var look = 0; look < 3; look++) Assert.NotNull(await FindAsync());

        Assert.Equal(WatchedTransaction.MostAttempts + 1, Events.Appends);
    }

    // The alert looks two days back, and would go away while the cause lasts.
    [Fact]
    public async Task Calls_again_each_day_for_as_long_as_it_lasts()
    {
        Known = Instance(OrchestrationRuntimeStatus.Terminated, Now);
        for (var look = 0; look < 3; look++) await FindAsync();
        Assert.StartsWith("TransactionRaised Transaction t-1 needs a person: ", Assert.Single(Said.Lines), StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromDays(1));
        for (var look = 0; look < 3; look++) await FindAsync();

        Assert.Equal((2, 1), (Said.Lines.Count, Said.Lines.Distinct().Count()));
        Assert.Equal(1, Events.Appends);
    }

    [Fact]
    public async Task Leaves_alone_what_has_been_begun_again_since_the_engine_was_asked()
    {
        var before = Instance(OrchestrationRuntimeStatus.Failed, Now);
        Known = Instance(OrchestrationRuntimeStatus.Running, Now.AddMinutes(1));
        Engine.Setup(engine => engine.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>())).Returns(new OnePage(before));

        await FindAsync();

        Restarted(0);
    }

    [Fact]
    public async Task Raises_what_was_terminated() => Assert.Contains("terminated", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Terminated, Now))).Reason, StringComparison.Ordinal);

    // The scheduler lets go of what was terminated after some months, and the tracker has never heard of an end.
    [Fact]
    public async Task Does_not_begin_what_was_terminated_once_its_history_is_gone()
    {
        await StartedAsync();
        await RaisedAsync(Instance(OrchestrationRuntimeStatus.Terminated, Now));

        Known = null;
        Time.Advance(TimeSpan.FromDays(90));
        Assert.NotNull(await FindAsync());

        Assert.Equal((Repair.None, 1), ((await WatchedAsync()).Repair, Events.Appends));
        Begun(Times.Never());
        Assert.Equal(2, Said.Lines.Count(line => line.Contains("terminated", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Begins_what_the_engine_has_lost_also_when_a_person_was_called_before()
    {
        await StartedAsync();
        await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence));

        Known = null;
        await FindAsync();

        Assert.Equal(Repair.Begin, (await WatchedAsync()).Repair);
        Begun(Times.Once());
    }

    [Fact]
    public async Task Raises_what_was_suspended_and_forgotten() =>
        Assert.Contains("is Suspended", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Suspended, Now - TransactionWatch.Silence))).Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Raises_what_says_nothing()
    {
        Assert.Contains("said nothing since", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence))).Reason, StringComparison.Ordinal);
        Restarted(0);
    }

    // As after a restore of the one and not of the other.
    [Fact]
    public async Task Raises_what_is_ahead_of_its_streams_and_names_the_stream()
    {
        await AddStockAsync("t-1");

        var raised = await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence, tokens: "inventoryStockItem:tea@4"));
        Assert.Contains("inventoryStockItem:tea@4, and that stream is at version 1", raised.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_alone_what_goes_on_or_waits_for_a_person_or_is_no_transaction()
    {
        foreach (var instance in new[]
        {
            Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence + TimeSpan.FromSeconds(1)),
            Instance(OrchestrationRuntimeStatus.Running, Now.AddDays(-1), TransactionState.NeedsAttention),
            AtAnApproval(Now.AddDays(-1)),
            new OrchestrationMetadata("RebuildProjection", "rebuild-orders-2") { RuntimeStatus = OrchestrationRuntimeStatus.Failed },
        })
        {
            Known = instance;
            Assert.Null(await FindAsync());
        }
    }
}
