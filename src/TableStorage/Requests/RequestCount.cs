using System.Collections.Immutable;

namespace Atomic.TableStorage.Requests;

/// <summary>
/// Counts the requests to Table Storage that are sent in the flow of execution which began it, until it is disposed of. Counts nest: what
/// an inner one counts, the outer ones count too.
/// </summary>
public sealed class RequestCount : IDisposable
{
    private static readonly AsyncLocal<RequestCount?> Ambient = new();

    private readonly long[] _counts = new long[Enum.GetValues<RequestKind>().Length];
    private readonly RequestCount? _outer = Ambient.Value;

    private RequestCount() { }

    public long this[RequestKind kind] => Interlocked.Read(ref _counts[(int)kind]);

    public long Total => Enum.GetValues<RequestKind>().Sum(kind => this[kind]);

    /// <summary>Each kind of which there were any.</summary>
    public IReadOnlyDictionary<RequestKind, long> ByKind =>
        Enum.GetValues<RequestKind>().Where(kind => this[kind] > 0).ToImmutableSortedDictionary(kind => kind, kind => this[kind]);

    public static RequestCount Begin()
    {
        var count = new RequestCount();
        Ambient.Value = count;
        return count;
    }

    public void Dispose() => Ambient.Value = _outer;

    public override string ToString() => string.Join(", ", ByKind.Select(entry => $"{entry.Value} {entry.Key}"));

    internal static void Add(RequestKind kind)
    {
        for (var count = Ambient.Value; count is not null; count = count._outer) Interlocked.Increment(ref count._counts[(int)kind]);
    }
}
