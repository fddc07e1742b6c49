using System.Globalization;
using Atomic.EventSourcing;

namespace Atomic.Functions.Backups;

/// <summary>A restore of the event store: what was written between the export and it is gone.</summary>
/// <param name="Day">The day of the export.</param>
/// <param name="At">When it was asked for. What begins later knows nothing of what is gone.</param>
/// <param name="ComparedAt">When all transactions of that time had been compared with the streams; null until then.</param>
/// <param name="FirstLookAt">When the watchdog first compared since; null until then.</param>
public sealed record RestoreMark(string Day, DateTimeOffset At, DateTimeOffset? ComparedAt, DateTimeOffset? FirstLookAt = null)
{
    /// <summary>The least that can have been written since the export: it was begun on its day.</summary>
    public DateTimeOffset ExportedAfter => new(DateOnly.ParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);
}

/// <summary>Remembers the last restore until transactions have been compared with it. It is kept where no restore writes: among the read models.</summary>
public sealed class RestoreMarks(IReadModelStore rows)
{
    internal const string Table = "readRestoresV1";

    private const string Last = "last";

    private static readonly Dictionary<string, long> NoStreams = [];
    private static readonly Dictionary<string, string> NoColumns = [];

    /// <summary>The last restore, if transactions have not been compared with it; null when they have, or nothing was ever restored. One point read.</summary>
    public async Task<Row<RestoreMark>?> FindOpenAsync(CancellationToken cancellation) =>
        await rows.FindAsync<RestoreMark>(Table, Last, fresh: true, cancellation) is { Data.ComparedAt: null } open ? open : null;

    public Task PutAsync(RestoreMark mark, CancellationToken cancellation) =>
        rows.WriteTogetherAsync(Table, [new RowWrite(Last, mark, NoStreams, NoColumns, null, null) { Kind = WriteKind.Put }], cancellation);

    /// <summary>How far the comparison is, unless another restore was asked for since.</summary>
    public Task LookedAsync(Row<RestoreMark> mark, RestoreMark after, CancellationToken cancellation) =>
        rows.WriteAsync(Table, mark with { Data = after }, NoColumns, cancellation);
}
