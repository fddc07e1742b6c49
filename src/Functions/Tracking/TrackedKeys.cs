using System.Globalization;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;

namespace Atomic.Functions.Tracking;

/// <summary>
/// Where the tracker keeps what: a folder a month, the newest transaction first, and in the same folder, so that one write makes all of it, a
/// mark for each that has not ended, and under each of its business keys where it is found.
/// </summary>
internal static class TrackedKeys
{
    public const string Table = "transactionsV1";

    private const long Last = 999_999_999_999_999;
    private const string OpenMark = "open-";
    private const string KeyMark = "key-";

    /// <summary>Where those are whose headers, from an earlier version of this code, do not tell when they began.</summary>
    public static readonly string MonthOfUnknown = MonthOf(DateTimeOffset.UnixEpoch);

    /// <summary>When it began, as far as that decides where it is kept.</summary>
    public static DateTimeOffset StartOf(TransactionHeader transaction) => transaction.StartedAt ?? DateTimeOffset.UnixEpoch;

    public static string MonthOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string MonthBefore(string month) =>
        MonthOf(DateTimeOffset.ParseExact($"{month}-01Z", "yyyy-MM-ddK", CultureInfo.InvariantCulture).AddMonths(-1));

    public static string Of(string id, DateTimeOffset startedAt) => $"{MonthOf(startedAt)}|{ItemOf(id, startedAt)}";

    public static string OpenOf(string id, DateTimeOffset startedAt) => $"{MonthOf(startedAt)}|{OpenMark}{ItemOf(id, startedAt)}";

    public static string OfBusinessKey(string key, string id, DateTimeOffset startedAt) =>
        $"{MonthOf(startedAt)}|{KeyMark}{key}!{ItemOf(id, startedAt)}";

    /// <summary>The transactions of a month that began between the two, those that have not ended alone where that is asked for.</summary>
    public static FolderSlice Slice(string month, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyDictionary<string, string> columns) => new(
        month, to is null ? null : Inverted(to.Value), from is null ? ":" : $"{Inverted(from.Value)}~", columns);

    public static FolderSlice Open(string month) => new(month, OpenMark, "open.");

    public static FolderSlice OfBusinessKey(string month, string key) => new(month, $"{KeyMark}{key}!", $"{KeyMark}{key}!:");

    private static string ItemOf(string id, DateTimeOffset startedAt) => $"{Inverted(startedAt)}-{id}";

    private static string Inverted(DateTimeOffset time) => (Last - time.ToUnixTimeMilliseconds()).ToString("D15", CultureInfo.InvariantCulture);
}

/// <summary>The mark of a transaction that has not ended.</summary>
/// <param name="Due">When the next fact is late; null when none is awaited but by a person's doing, as far as who watches has heard.</param>
/// <param name="Coordination">Null in a mark from before marks said so.</param>
public sealed record OpenTransaction(string Id, DateTimeOffset StartedAt, DateTimeOffset? Due, string? Coordination = null);

/// <summary>A transaction that a business key names.</summary>
public sealed record KeyedTransaction(string Id, DateTimeOffset StartedAt);
