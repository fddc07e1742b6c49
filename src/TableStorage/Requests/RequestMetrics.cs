using System.Diagnostics.Metrics;

namespace Atomic.TableStorage.Requests;

/// <summary>What the process as a whole has asked of Table Storage.</summary>
public static class RequestMetrics
{
    /// <summary>The meter's name. Its counter <c>atomic.table_storage.requests</c> is tagged with a <see cref="RequestKind"/>.</summary>
    public const string Meter = "Atomic.TableStorage";

    private static readonly Meter Source = new(Meter);
    private static readonly Counter<long> Requests =
        Source.CreateCounter<long>("atomic.table_storage.requests", "{request}", "Requests sent to Table Storage, repetitions included.");

    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetValues<RequestKind>().Select(kind => KeyValuePair.Create("kind", (object?)kind.ToString()))];

    internal static void Add(RequestKind kind) => Requests.Add(1, Tags[(int)kind]);
}
