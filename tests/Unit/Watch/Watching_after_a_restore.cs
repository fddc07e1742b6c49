using Atomic.Functions.Backups;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.TableStorage.Export;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.Watch;

/// <summary>Streams are as they were at the export, and the engine is as it is now.</summary>
public sealed class Watching_after_a_restore : Watching
{
    // It goes on past what is gone, and is never silent.
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task Raises_what_is_ahead_of_its_streams_after_a_restore_though_it_goes_on_or_has_ended(OrchestrationRuntimeStatus status)
    {
        await RestoredAsync(Now);

        var raised = await RaisedAsync(Instance(status, Now, tokens: "inventoryStockItem:tea@4"));

        Assert.Contains("inventoryStockItem:tea@4, and that stream is at version 0", raised.Reason, StringComparison.Ordinal);
    }

    // Its alert goes by what is said of it last, and it may be parked or end before anybody has looked.
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task Says_that_writes_are_lost_which_nothing_hides_that_is_said_later(OrchestrationRuntimeStatus status)
    {
        await RestoredAsync(Now);

        await RaisedAsync(Instance(status, Now, tokens: "inventoryStockItem:tea@4"));
        await RaisedAsync(Instance(status, Now.AddMinutes(1), tokens: "inventoryStockItem:tea@4"));

        var lost = Assert.Single(Said.Lines, line => line.StartsWith("WritesLost Transaction t-1 ", StringComparison.Ordinal));
        Assert.Contains("inventoryStockItem:tea@4, and that stream is at version 0", lost, StringComparison.Ordinal);
        Assert.Equal(1, Events.Appends);
    }

    [Fact]
    public async Task Does_not_say_that_writes_are_lost_of_what_is_merely_silent()
    {
        await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence));

        Assert.DoesNotContain(Said.Lines, line => line.StartsWith("WritesLost", StringComparison.Ordinal));
    }

    // An activity had written, and the orchestrator has not taken its result when the app is back.
    [Fact]
    public async Task Raises_what_turns_out_to_be_ahead_only_after_the_first_look()
    {
        await RestoredAsync(Now);
        Known = Instance(OrchestrationRuntimeStatus.Running, Now);
        Assert.Null(await FindAsync());

        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("at version 0", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now, tokens: "inventoryStockItem:tea@4"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raises_what_is_ahead_of_its_streams_after_a_restore_though_it_waits_for_a_person()
    {
        await RestoredAsync(Now);
        Assert.Contains("at version 0", (await RaisedAsync(AtAnApproval(Now.AddDays(-1), "travelTrip:t@1"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raises_what_is_ahead_though_another_has_brought_its_stream_there_again()
    {
        await AddStockAsync("another");
        await RestoredAsync(Now);

        var raised = await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now, tokens: "inventoryStockItem:tea@1"));

        Assert.Contains("what that stream holds there is another's", raised.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raises_what_nobody_coordinates_and_is_ahead_of_its_streams_after_a_restore()
    {
        Known = null;
        await StartedAsync(Coupling.Events, "orderingOrder:o@1");
        await RestoredAsync(Now.AddMinutes(1));

        Assert.Contains("orderingOrder:o@1, and that stream is at version 0", (await FindAsync())!.Reason, StringComparison.Ordinal);
        Assert.True((await WatchedAsync()).IsRaised);
    }

    [Fact]
    public async Task Leaves_alone_after_a_restore_what_is_all_there_or_began_later()
    {
        await AddStockAsync("t-1");
        await RestoredAsync(Now);
        Known = Instance(OrchestrationRuntimeStatus.Running, Now, tokens: "inventoryStockItem:tea@1");
        Assert.Null(await FindAsync());

        await RestoredAsync(Known.CreatedAt);
        Known = Instance(OrchestrationRuntimeStatus.Running, Now, tokens: "inventoryStockItem:tea@4");
        Assert.Null(await FindAsync());
    }

    // A mark that came with the export would be another than the one that is there, and stop the restore. Who watches cannot be rebuilt.
    [Fact]
    public void Is_remembered_where_no_restore_writes_unlike_what_the_tracker_knows()
    {
        Assert.False(ExportedTables.AreRestored(RestoreMarks.Table));
        Assert.True(ExportedTables.AreRestored(TrackedKeys.Table));
    }

    // All would be read at every look, for ever.
    [Fact]
    public async Task Compares_with_a_restore_until_all_could_be_looked_at_once_nothing_can_be_in_flight_and_then_no_more()
    {
        await RestoredAsync(Now);
        await FindAsync();
        Known = Unreadable();
        Time.Advance(TransactionWatch.Silence);
        Assert.Null(await FindAsync());
        Assert.NotNull(await Restores.FindOpenAsync(CancellationToken.None));

        Known = Instance(OrchestrationRuntimeStatus.Running, Time.GetUtcNow(), tokens: "inventoryStockItem:tea@4");
        Assert.NotNull(await FindAsync());
        Assert.Null(await FindAsync());
        Assert.Null(await Restores.FindOpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Gives_up_after_a_day_what_can_never_be_looked_at_and_says_so()
    {
        await RestoredAsync(Now);
        Known = Unreadable();
        await FindAsync();
        Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(5));
        await FindAsync();
        Assert.NotNull(await Restores.FindOpenAsync(CancellationToken.None));
        Assert.DoesNotContain(Unseen.Lines, line => line.StartsWith("RestoreNotCompared", StringComparison.Ordinal));

        Time.Advance(TimeSpan.FromMinutes(5));
        await FindAsync();

        Assert.Null(await Restores.FindOpenAsync(CancellationToken.None));
        Assert.Contains("RestoreNotCompared Restore of 2030-01-30: 1 transactions", Assert.Single(Unseen.Lines, line => line.StartsWith("RestoreNotCompared", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
