using System.Collections.Concurrent;

namespace Atomic.Integration.Shop;

/// <summary>Counts what is sent to Table Storage, by kind.</summary>
internal sealed class CountedRequests() : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    public const string Transactions = "entity group transactions";
    public const string PointReads = "point reads";

    private readonly ConcurrentDictionary<string, int> _kinds = new();

    public int Total => _kinds.Values.Sum();

    public int Of(string kind) => _kinds.GetValueOrDefault(kind);

    public void Clear() => _kinds.Clear();

    public override string ToString() =>
        $"{Total} requests: {string.Join(", ", _kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Value} {kind.Key}"))}";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _kinds.AddOrUpdate(KindOf(request), 1, (_, count) => count + 1);
        return base.SendAsync(request, cancellationToken);
    }

    private static string KindOf(HttpRequestMessage request)
    {
        var resource = request.RequestUri!.Segments[^1];
        if (resource == "$batch") return Transactions;
        if (resource == "Tables") return "tables created";
        if (request.Method != HttpMethod.Get) return "single writes";
        return resource.EndsWith("()", StringComparison.Ordinal) ? "queries" : PointReads;
    }
}
