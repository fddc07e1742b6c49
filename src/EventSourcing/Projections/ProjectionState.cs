namespace Atomic.EventSourcing;

/// <summary>How far a version of a projection has come.</summary>
public enum VersionStage
{
    /// <summary>Takes live events while the streams are read; not complete.</summary>
    Building,

    /// <summary>Complete, and kept so; no query reads it yet.</summary>
    Ready,

    /// <summary>The one that queries read.</summary>
    Active,

    /// <summary>Was active until the last switch, and is kept complete so that switching back is possible.</summary>
    Previous,
}

/// <summary>One version of a projection: a table of its own.</summary>
public sealed record ProjectionVersion(int Number, VersionStage Stage, DateTimeOffset Since);

/// <summary>A row that stands still, in one version of a projection.</summary>
public sealed record BlockedRow(int Version, string Key, Blocked Blocked);

/// <summary>
/// A projection's versions: the active one, and at most one other. Both take live events. Changes are made by conditional writes of the
/// one row that holds this.
/// </summary>
/// <param name="Other">Being built, ready, or the previous one; null when there is none.</param>
/// <param name="Last">The highest number that a version has had: none is given twice, for a dropped table's name is not free at once.</param>
/// <param name="Retired">Versions that nobody writes or reads any more, once all processes have heard of it; their tables are then dropped.</param>
/// <param name="Blocked">Rows that stand still, in any version.</param>
/// <param name="Tag">What the store needs to guard the next write; null for a projection that was never rebuilt.</param>
public sealed record ProjectionState(
    string Projection,
    ProjectionVersion Active,
    ProjectionVersion? Other,
    int Last,
    IReadOnlyList<ProjectionVersion> Retired,
    IReadOnlyList<BlockedRow> Blocked,
    string? Tag)
{
    /// <summary>The versions that take live events, the active one first.</summary>
    public IEnumerable<ProjectionVersion> Fed => Other is null ? [Active] : [Active, Other];

    public static ProjectionState Initial(string projection) =>
        new(projection, new ProjectionVersion(1, VersionStage.Active, DateTimeOffset.UnixEpoch), null, 1, [], [], null);

    /// <summary>The table of a version, as in <c>readStockLevelsV2</c>.</summary>
    public string TableOf(int version) =>
        $"read{string.Concat(Projection.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}V{version}";

    /// <summary>With a new version under way; null while one is under way already. A previous one gives way to it.</summary>
    public ProjectionState? Rebuild(DateTimeOffset now) => Other?.Stage == VersionStage.Building
        ? null
        : this with
        {
            Other = new ProjectionVersion(Last + 1, VersionStage.Building, now),
            Last = Last + 1,
            Retired = [.. Retired, .. Retiring(now)],
        };

    /// <summary>With the version that was under way complete; null when <paramref name="version"/> is not under way.</summary>
    public ProjectionState? Complete(int version, DateTimeOffset now) => Other is { Stage: VersionStage.Building } other && other.Number == version
        ? this with { Other = other with { Stage = VersionStage.Ready, Since = now } }
        : null;

    /// <summary>With the version that was under way given up; null when <paramref name="version"/> is not under way.</summary>
    public ProjectionState? GiveUp(int version, DateTimeOffset now) => Other is { Stage: VersionStage.Building } other && other.Number == version
        ? this with { Other = null, Retired = [.. Retired, .. Retiring(now)] }
        : null;

    /// <summary>With the ready, or the previous, version active; null when there is none.</summary>
    public ProjectionState? Switch(DateTimeOffset now) => Other is { Stage: VersionStage.Ready or VersionStage.Previous } other
        ? this with
        {
            Active = other with { Stage = VersionStage.Active, Since = now },
            Other = Active with { Stage = VersionStage.Previous, Since = now },
        }
        : null;

    /// <summary>Without the previous version; null when there is none.</summary>
    public ProjectionState? Retire(DateTimeOffset now) => Other?.Stage == VersionStage.Previous
        ? this with { Other = null, Retired = [.. Retired, .. Retiring(now)] }
        : null;

    /// <summary>Once its table has been dropped; null when it is not among the retired.</summary>
    public ProjectionState? WithoutRetired(int version) => Retired.Any(retired => retired.Number == version)
        ? this with { Retired = [.. Retired.Where(retired => retired.Number != version)] }
        : null;

    /// <summary>Why the row stands still in that version; null when it does not.</summary>
    public Blocked? BlockedIn(int version, string key) => Blocked.FirstOrDefault(row => row.Version == version && row.Key == key)?.Blocked;

    private IEnumerable<ProjectionVersion> Retiring(DateTimeOffset now) => Other is null ? [] : [Other with { Since = now }];
}
