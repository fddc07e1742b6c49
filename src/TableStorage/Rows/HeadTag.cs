using System.Globalization;

namespace Atomic.TableStorage.Rows;

/// <summary>What a loaded head keeps for its next append: the row's ETag, and up to which version the stored state goes.</summary>
/// <param name="SnapshotVersion">0 when no state is stored that could be read.</param>
internal readonly record struct HeadTag(long SnapshotVersion, string ETag)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SnapshotVersion}|{ETag}");

    public static HeadTag Parse(string tag)
    {
        var bar = tag.IndexOf('|', StringComparison.Ordinal);
        return new HeadTag(long.Parse(tag.AsSpan(0, bar), CultureInfo.InvariantCulture), tag[(bar + 1)..]);
    }
}
