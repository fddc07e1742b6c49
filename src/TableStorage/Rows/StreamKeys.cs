using System.Globalization;
using Atomic.EventSourcing;

namespace Atomic.TableStorage.Rows;

/// <summary>
/// The keys of a stream's rows. <c>C &lt; E &lt; H &lt; S</c>: the range <c>E{version}</c> to <c>F</c> holds the commits from a version on.
/// </summary>
/// <remarks>
/// Every row key ends in a tag of its stream. Azure needs none: a row is found by partition and row key. Azurite looks a row up by its
/// row key, and then goes through all that share it, so that with ten thousand streams a row called just <c>H</c> makes every write three
/// times as slow.
/// </remarks>
internal sealed class StreamKeys
{
    /// <summary>The longest a key may be, in characters, after special ones are encoded. Azure's limit is 1 KiB of UTF-16.</summary>
    public const int Longest = 512;

    private readonly StreamId _stream;
    private readonly string _tag;

    /// <exception cref="CommitTooLargeException">The id is too long for a key.</exception>
    public StreamKeys(StreamId stream)
    {
        var hash = KeyHash.Of(stream.Id);
        _stream = stream;
        _tag = hash.Tag;
        Partition = Checked($"{hash.Range}!{KeyText.Encode(stream.Id)}", "The length of the id");
    }

    public string Partition { get; }

    public string Head => $"H!{_tag}";

    /// <param name="part">0 for the row that says all about the commit; more rows only hold what did not fit into it.</param>
    public string Commit(long lastVersion, int part = 0)
    {
        var first = $"{CommitsFrom(lastVersion)}!{_tag}";
        return part == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first}|{part}");
    }

    /// <summary>Where the commits that end at <paramref name="version"/> or later begin.</summary>
    public static string CommitsFrom(long version) => string.Create(CultureInfo.InvariantCulture, $"E{version:D10}");

    /// <summary>Where the partitions of the streams in a range begin, of <see cref="IStreamScan.Ranges"/>; the one after the last is behind all.</summary>
    public static string RangeFrom(int range) => range == IStreamScan.Ranges ? "g" : string.Create(CultureInfo.InvariantCulture, $"{range:x2}!");

    /// <summary>The id of the stream that has the partition.</summary>
    public static string IdOf(string partition) => KeyText.Decode(partition[(partition.IndexOf('!', StringComparison.Ordinal) + 1)..]);

    /// <summary>Behind every commit.</summary>
    public static string CommitsEnd => "F";

    /// <exception cref="CommitTooLargeException">The command's id is too long for a key.</exception>
    public string Record(string commandId) => Checked($"C|{KeyText.Encode(commandId)}", "The length of a command's id");

    public string Snapshot(int part) => string.Create(CultureInfo.InvariantCulture, $"S|{part}!{_tag}");

    private string Checked(string key, string what) => key.Length <= Longest
        ? key
        : throw new CommitTooLargeException(_stream, $"{what}, with special characters encoded,", key.Length, Longest);
}
