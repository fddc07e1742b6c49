namespace Atomic.EventSourcing;

public sealed partial class ViewProjector<TView, TItem, TSummary>
{
    /// <summary>A folder's summary, which shows at least what the tokens say: what is missing is brought forward first.</summary>
    /// <exception cref="MissingEventsException">A token's stream has not come so far.</exception>
    public async Task<Row<TSummary>?> FindAsync(string folder, IReadOnlyList<StreamPosition> tokens, CancellationToken cancellation)
    {
        var state = await directory.FindAsync(TView.Name, cancellation);
        await BringForwardAsync(state, tokens, cancellation);
        return await rows.FindAsync<TSummary>(state.TableOf(state.Active.Number), folder, fresh: true, cancellation);
    }

    /// <summary>A page of a folder's items, which shows at least what the tokens say.</summary>
    /// <exception cref="MissingEventsException">A token's stream has not come so far.</exception>
    public async Task<Page<Row<TItem>>> ListAsync(
        string folder, int pageSize, string? continuation, IReadOnlyList<StreamPosition> tokens, CancellationToken cancellation)
    {
        var state = await directory.FindAsync(TView.Name, cancellation);
        await BringForwardAsync(state, tokens, cancellation);
        return await rows.ListFolderAsync<TItem>(state.TableOf(state.Active.Number), folder, pageSize, continuation, cancellation);
    }

    // To which folder a token's events belong is known once they are read; their items then take what they lack, and no more.
    private async Task BringForwardAsync(ProjectionState state, IReadOnlyList<StreamPosition> tokens, CancellationToken cancellation)
    {
        var concerned = from token in tokens
                        join source in TView.Sources on token.Stream.Category equals source.Category
                        group token by (source, token.Stream) into stream
                        select (Source: stream.Key.source, Token: stream.MaxBy(token => token.Version));
        foreach (var (source, token) in concerned)
        {
            var (version, placed) = (0L, new List<(Place Place, RecordedEvent Event)>());
            await foreach (var commit in source.ReadAsync(events, token.Stream.Id, 1, cancellation))
            {
                version = commit.Events[^1].Version;
                placed.AddRange(commit.Events.Select(e => (TView.PlaceOf(e), e)).Where(each => each.Item1 is not null)!);
            }

            if (version < token.Version) throw new MissingEventsException(token, version);
            await WriteAsync(state, state.Active.Number, placed, cancellation);
        }
    }
}
