namespace Atomic.EventSourcing;

/// <summary>Takes the texts about a person out of a projection's rows, in every version of it that takes live events.</summary>
public sealed class Scrubber<TProjection, TState, TRow>(IReadModelStore rows, ProjectionDirectory directory)
    where TProjection : IProjection<TState, TRow>, IScrubbed<TRow>
    where TState : IAggregate<TState>
    where TRow : class
{
    private const int Attempts = 8;
    private const int PageSize = 100;

    /// <returns>How many rows were scrubbed. Again finds none.</returns>
    public async Task<int> ScrubAsync(string subject, CancellationToken cancellation)
    {
        var (state, scrubbed) = (await directory.FindAsync(TProjection.Name, cancellation), 0);
        foreach (var version in state.Fed)
        {
            // A row that is scrubbed leaves the list while it is paged through: it is gone through until nothing is in it.
            int found;
            do scrubbed += found = await PassAsync(state.TableOf(version.Number), subject, cancellation);
            while (found > 0);
        }

        return scrubbed;
    }

    private async Task<int> PassAsync(string table, string subject, CancellationToken cancellation)
    {
        var (found, holding) = (0, new Dictionary<string, string> { [IScrubbed<TRow>.Column] = subject });
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync<TRow>(table, holding, PageSize, continuation, cancellation);
            foreach (var row in page.Items) await ScrubAsync(table, row, cancellation);
            (found, continuation) = (found + page.Items.Count, page.Continuation);
        }
        while (continuation is not null);
        return found;
    }

    private async Task ScrubAsync(string table, Row<TRow> row, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var data = TProjection.Scrub(row.Data);
            if (await rows.WriteAsync(table, row with { Data = data }, TProjection.Columns(data), cancellation)) return;
            if (await rows.FindAsync<TRow>(table, row.Key, fresh: true, cancellation) is not { } fresh) return;
            row = fresh;
        }

        throw new ContendedRowException(table, row.Key);
    }
}
