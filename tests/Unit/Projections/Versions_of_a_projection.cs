using Atomic.EventSourcing;
using Atomic.Functions.Projections;
using Xunit;
using static Atomic.Unit.Projections.RebuiltProjections;

namespace Atomic.Unit.Projections;

public sealed class Versions_of_a_projection
{
    private readonly RebuiltProjections _projections = new();

    [Fact]
    public async Task One_that_is_given_up_is_dropped_once_no_process_can_be_writing_to_it()
    {
        var version = await _projections.BuildingAsync();

        var given = await _projections.Versions.GiveUpAsync(StockLevels, version, default);
        await _projections.TendAsync();

        Assert.Null(given!.Other);
        Assert.Equal(version, Assert.Single((await _projections.StateAsync()).Retired).Number);
        Assert.True(await _projections.HasRowsAsync(version));

        _projections.Time.Advance(ProjectionDirectory.Settled);
        await _projections.TendAsync();

        Assert.Empty((await _projections.StateAsync()).Retired);
        Assert.False(await _projections.HasRowsAsync(version));
    }

    [Fact]
    public async Task One_that_is_not_under_way_cannot_be_given_up()
    {
        var version = await _projections.BuildingAsync();
        await _projections.Versions.CompleteAsync(StockLevels, version, default);

        Assert.Null(await _projections.Versions.GiveUpAsync(StockLevels, version, default));
        Assert.Null(await _projections.Versions.GiveUpAsync(StockLevels, version + 1, default));
        Assert.Equal(VersionStage.Ready, (await _projections.StateAsync()).Other!.Stage);
    }

    [Fact]
    public async Task The_previous_one_is_kept_for_a_day_then_retired_and_then_dropped()
    {
        var version = await _projections.BuildingAsync();
        await _projections.WriteAsync(version - 1);
        await _projections.Versions.CompleteAsync(StockLevels, version, default);
        await _projections.Versions.SwitchAsync(StockLevels, default);

        _projections.Time.Advance(TendProjectionsFunction.KeepPrevious - TimeSpan.FromSeconds(1));
        await _projections.TendAsync();
        Assert.Equal((version - 1, VersionStage.Previous), ((await _projections.StateAsync()).Other!.Number, (await _projections.StateAsync()).Other!.Stage));

        _projections.Time.Advance(TimeSpan.FromSeconds(1));
        await _projections.TendAsync();
        Assert.Null((await _projections.StateAsync()).Other);
        Assert.True(await _projections.HasRowsAsync(version - 1));

        _projections.Time.Advance(ProjectionDirectory.Settled);
        await _projections.TendAsync();
        Assert.False(await _projections.HasRowsAsync(version - 1));
        Assert.True(await _projections.HasRowsAsync(version));
    }

    [Fact]
    public async Task One_under_way_or_ready_is_never_retired_however_old()
    {
        var version = await _projections.BuildingAsync();
        _projections.Time.Advance(30 * TendProjectionsFunction.KeepPrevious);
        await _projections.TendAsync();
        Assert.Equal(VersionStage.Building, (await _projections.StateAsync()).Other!.Stage);

        await _projections.Versions.CompleteAsync(StockLevels, version, default);
        _projections.Time.Advance(30 * TendProjectionsFunction.KeepPrevious);
        await _projections.TendAsync();
        Assert.Equal(VersionStage.Ready, (await _projections.StateAsync()).Other!.Stage);
        Assert.True(await _projections.HasRowsAsync(version));
    }

    [Fact]
    public async Task A_number_is_not_given_twice()
    {
        var first = await _projections.BuildingAsync();
        await _projections.Versions.GiveUpAsync(StockLevels, first, default);

        Assert.Equal(first + 1, await _projections.BuildingAsync());
        Assert.Null(await _projections.Versions.RebuildAsync(StockLevels, default));
    }
}
