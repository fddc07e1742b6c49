using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

/// <summary>What every store of projections' states does.</summary>
public abstract class ProjectionStatesContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Blocked Why = new("a:1@4", "It cannot be taken.", Now);

    private readonly string _projection = $"p-{Guid.NewGuid():N}";

    protected abstract Task<(IProjectionStates States, IReadModelStore Rows)> StoresAsync();

    [Fact]
    public async Task Load_ProjectionThatWasNeverRebuilt_IsItsFirstVersion()
    {
        var (states, _) = await StoresAsync();

        var state = await states.LoadAsync(_projection, default);

        Assert.Equal((1, VersionStage.Active, null, null), (state.Active.Number, state.Active.Stage, state.Other, state.Tag));
        Assert.Empty(state.Blocked);
        Assert.False((await states.LoadAllAsync(default)).ContainsKey(_projection));
    }

    [Fact]
    public async Task LoadAll_HasEachProjectionOfWhichAnythingWasWritten()
    {
        var (states, _) = await StoresAsync();
        await states.WriteAsync((await states.LoadAsync(_projection, default)).Rebuild(Now)!, default);
        await states.BlockAsync(_projection + "x", new BlockedRow(1, "a", Why), default);

        var all = await states.LoadAllAsync(default);

        Assert.Equal(2, all[_projection].Last);
        Assert.Empty(all[_projection].Blocked);
        Assert.Equal(("a", 1), (all[_projection + "x"].Blocked.Single().Key, all[_projection + "x"].Active.Number));
        Assert.Equal(all[_projection].Tag, (await states.LoadAsync(_projection, default)).Tag);
    }

    [Fact]
    public async Task Write_IsTakenFromOneOfTwo()
    {
        var (states, _) = await StoresAsync();
        foreach (var _ in new[] { "the first write", "a later one" })
        {
            var (mine, theirs) = (await states.LoadAsync(_projection, default), await states.LoadAsync(_projection, default));

            Assert.True(await states.WriteAsync((mine.Rebuild(Now) ?? mine.Complete(2, Now))!, default));
            Assert.False(await states.WriteAsync((theirs.Rebuild(Now) ?? theirs.Complete(2, Now))!, default));
        }

        var state = await states.LoadAsync(_projection, default);
        Assert.Equal(new ProjectionVersion(2, VersionStage.Ready, Now), state.Other);
        Assert.Equal(2, state.Last);
    }

    [Fact]
    public async Task Block_IsListedUntilTheRowGoesOn_WhateverBecomesOfTheVersions()
    {
        var (states, _) = await StoresAsync();
        var row = new BlockedRow(1, "a/b|c", Why);
        await states.BlockAsync(_projection, row, default);
        await states.BlockAsync(_projection, row, default);
        await states.BlockAsync(_projection, row with { Version = 2 }, default);
        await states.WriteAsync((await states.LoadAsync(_projection, default)).Rebuild(Now)!, default);

        var state = await states.LoadAsync(_projection, default);
        Assert.Equal([row, row with { Version = 2 }], state.Blocked.OrderBy(each => each.Version));
        Assert.Equal(Why, state.BlockedIn(1, "a/b|c"));

        await states.UnblockAsync(_projection, 1, "a/b|c", default);
        await states.UnblockAsync(_projection, 1, "a/b|c", default);
        Assert.Equal([2], (await states.LoadAsync(_projection, default)).Blocked.Select(each => each.Version));
    }

    [Fact]
    public async Task Drop_TakesTheRowsOfOneVersionAway()
    {
        var (states, rows) = await StoresAsync();
        var state = (await states.LoadAsync(_projection, default)).Rebuild(Now)!;
        await states.WriteAsync(state, default);
        foreach (var version in new[] { 1, 2 })
        {
            var row = new Row<string>("r", $"{version}", new Dictionary<string, long>(), null);
            await rows.WriteAsync(state.TableOf(version), row, new Dictionary<string, string>(), default);
            await states.BlockAsync(_projection, new BlockedRow(version, "r", Why), default);
        }

        await states.DropAsync(await states.LoadAsync(_projection, default), 2, default);
        await states.DropAsync(await states.LoadAsync(_projection, default), 2, default);

        Assert.Null(await rows.FindAsync<string>(state.TableOf(2), "r", fresh: true, default));
        Assert.NotNull(await rows.FindAsync<string>(state.TableOf(1), "r", fresh: true, default));
        Assert.Equal([1], (await states.LoadAsync(_projection, default)).Blocked.Select(each => each.Version));
    }
}
