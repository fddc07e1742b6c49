using System.Text.Json;
using Atomic.EventSourcing;

namespace Atomic.Unit.EventSourcing.Simulation;

/// <summary>A read model of any shape, as the simulation drives it.</summary>
internal interface IReadModel
{
    string Name { get; }

    Task<IReadOnlyList<Projected>> ProjectAsync(IReadOnlyList<Heard> heard);

    Task<RebuildCount> RebuildAsync(ProjectionState state, int from, int to);

    /// <summary>Whether the answer to a reader with this token shows at least what the token says; boxed, since a killed reader has none.</summary>
    Task<object> ShowsAsync(StreamPosition token, bool list);

    /// <summary>The rows, in their stored form, that a fresh fold of these events makes.</summary>
    IReadOnlyDictionary<string, string> Fold(IEnumerable<RecordedEvent> events);
}

internal sealed class RowPerStream(Stores stores) : IReadModel
{
    private readonly Projector<Tallies, Tally, TallyRow> _projector = new(stores.Events, stores.Rows, stores.States, stores.Directory);
    private readonly Rebuilder<Tallies, Tally, TallyRow> _rebuilder = new(stores.Events, stores.Rows, stores.States);

    public string Name => Tallies.Name;

    public Task<IReadOnlyList<Projected>> ProjectAsync(IReadOnlyList<Heard> heard) => _projector.ProjectAsync(heard, default);

    public Task<RebuildCount> RebuildAsync(ProjectionState state, int from, int to) =>
        _rebuilder.RebuildAsync(state, state.Other!.Number, from, to, default);

    public async Task<object> ShowsAsync(StreamPosition token, bool list)
    {
        var row = list
            ? (await _projector.ListAsync(new Dictionary<string, string>(), 10, null, [token], default)).Items.SingleOrDefault(row => row.Key == token.Stream.Id)
            : await _projector.FindAsync(token.Stream.Id, [token], default);
        return row?.AppliedOf(token.Stream) >= token.Version;
    }

    public IReadOnlyDictionary<string, string> Fold(IEnumerable<RecordedEvent> events) =>
        events.GroupBy(e => e.Stream).ToDictionary(stream => stream.Key.Id, stream =>
            Stored.Row(stream.Aggregate((TallyRow?)null, Tallies.Apply)!, $"{stream.Key}@{stream.Count()}"));
}

internal sealed class Folders<TView>(Stores stores) : IReadModel where TView : IView<TallyRow, TallyRow>
{
    private readonly ViewProjector<TView, TallyRow, TallyRow> _projector = new(stores.Events, stores.Rows, stores.States, stores.Directory);

    public string Name => TView.Name;

    public Task<IReadOnlyList<Projected>> ProjectAsync(IReadOnlyList<Heard> heard) => _projector.ProjectAsync(heard, default);

    public Task<RebuildCount> RebuildAsync(ProjectionState state, int from, int to) =>
        _projector.RebuildAsync(stores.Events, state, state.Other!.Number, from, to, default);

    public async Task<object> ShowsAsync(StreamPosition token, bool list)
    {
        var events = new List<RecordedEvent>();
        await foreach (var commit in stores.Events.ReadAsync<Tally>(token.Stream.Id, 1, default)) events.AddRange(commit.Events.Where(e => e.Version <= token.Version));
        foreach (var folder in events.GroupBy(e => TView.PlaceOf(e)!.Folder))
        {
            var summary = await _projector.FindAsync(folder.Key, [token], default);
            var items = (await _projector.ListAsync(folder.Key, 200, null, [token], default)).Items;
            if (summary is null || summary.Data.Count < folder.Count()) return false;
            if (!folder.All(e => items.Any(item => item.Key == TView.PlaceOf(e)!.Key && item.AppliedOf(e.Stream) >= e.Version))) return false;
        }

        return true;
    }

    public IReadOnlyDictionary<string, string> Fold(IEnumerable<RecordedEvent> events)
    {
        var rows = new Dictionary<string, string>();
        foreach (var folder in events.GroupBy(e => TView.PlaceOf(e)!.Folder))
        {
            TallyRow? summary = null;
            foreach (var item in folder.GroupBy(e => TView.PlaceOf(e)!))
            {
                var folded = item.Aggregate((TallyRow?)null, TView.Apply)!;
                rows[item.Key.Key] = Stored.Row(folded, item.Last().Position.ToString());
                summary = TView.Summarize(summary, null, folded);
            }

            rows[folder.Key] = Stored.Row(summary!, "");
        }

        return rows;
    }
}

internal static class Stored
{
    public static string Row(TallyRow row, string applied) => $"{JsonSerializer.Serialize(row, StorageJson.Options)} {applied} ";
}
