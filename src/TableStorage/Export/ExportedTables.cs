using System.Text.RegularExpressions;

namespace Atomic.TableStorage.Export;

/// <summary>Which tables an export treats how, and where it keeps them.</summary>
internal static partial class ExportedTables
{
    // What was erased there shall be gone.
    public const string Keys = "atomicSubjectKeys";

    // Made anew by whoever needs it first; what was signed with the old one is refused, and asked for again.
    private const string SigningKeys = "atomicKeys";

    public static bool AreKeys(string table) => table == Keys;

    /// <summary>
    /// Read models are not restored: each was exported at another moment than the streams that it shows, and a row that is ahead of its
    /// stream would take the stream's next events for old ones. They are rebuilt.
    /// </summary>
    public static bool AreRestored(string table) => table != SigningKeys && !ReadModel().IsMatch(table);

    public static string BlobOf(string day, string table, KeyRange range) => $"{day}/{table}/{range.Name}.jsonl.gz";

    public static string BlobOfKeys(string table, KeyRange range) => $"latest/{table}/{range.Name}.jsonl.gz";

    [GeneratedRegex(@"^read[A-Z][A-Za-z0-9]*V[0-9]+\z")]
    private static partial Regex ReadModel();
}
