using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Atomic.Functions.Overview;

/// <summary>One part of an overview: what a service answered, as of when, or why it did not.</summary>
/// <param name="AsOf">The places in streams that the data show.</param>
/// <param name="Lag">By how many events the data are behind their stream; null when the service did not say.</param>
/// <param name="Reason">Why there are no data; null when there are.</param>
public sealed record Section(string Name, string Service, JsonElement? Data, IReadOnlyList<string> AsOf, long? Lag, string? Reason)
{
    public bool Available => Reason is null;

    /// <summary>The lag of each item of a list, in their order; empty when the service did not say.</summary>
    [JsonIgnore]
    public IReadOnlyList<long> Lags { get; init; } = [];

    /// <summary>Where the next page of a list begins.</summary>
    [JsonIgnore]
    public string? Continuation { get; init; }
}

/// <summary>Asks the services over HTTP, each within its deadline.</summary>
public sealed class ServiceQueries(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>How long a service may take to the last byte of its answer, all tries together: a person waits for it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The name of the client of a service.</summary>
    public static string ClientOf(string service) => $"queries-{service}";

    /// <param name="tokens">As the client gave them: each service heeds those that concern it.</param>
    /// <exception cref="ProblemException">The service says that what was asked for does not exist, and <paramref name="isMain"/>.</exception>
    public async Task<Section> AskAsync(string name, string service, string path, string? tokens, bool isMain, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (tokens is not null) request.Headers.Add(ConsistencyTokens.Header, tokens);
        request.Headers.Add(Reads.LagWanted, "true");
        // The pipeline of the client watches over the headers alone; a service may stop in the midst of its answer as well.
        using var limit = new CancellationTokenSource(Deadline, time);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var response = await clients.CreateClient(ClientOf(service)).SendAsync(request, within.Token);
            var body = await response.Content.ReadAsStringAsync(within.Token);
            if (response.IsSuccessStatusCode) return Answered(name, service, response, ObjectOf(body));
            var detail = DetailOf(body) ?? $"It answered {(int)response.StatusCode}.";
            if (isMain && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                throw new ProblemException((int)response.StatusCode, "Not found.", detail);
            return Missing(name, service, detail);
        }
        catch (Exception e) when (e is not ProblemException && !cancellation.IsCancellationRequested)
        {
            return Missing(name, service, $"{service} does not answer: {Why(e)}");
        }
    }

    public static Section Missing(string name, string service, string reason) => new(name, service, null, [], null, reason);

    private static Section Answered(string name, string service, HttpResponseMessage response, JsonElement body)
    {
        var isSaid = response.Headers.Contains(Reads.Lag);
        var lags = ListOf(response, Reads.Lag).Select(lag => long.Parse(lag, CultureInfo.InvariantCulture)).ToList();
        return new Section(
            name, service, body.TryGetProperty("items", out var items) ? items : body, ListOf(response, Reads.AsOf), isSaid ? lags.Sum() : null, null)
        {
            Lags = lags,
            Continuation = body.TryGetProperty("continuation", out var next) ? next.GetString() : null,
        };
    }

    private static List<string> ListOf(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var lines)
        ? [.. lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
        : [];

    private static JsonElement ObjectOf(string body) => JsonSerializer.Deserialize<JsonElement>(body) is { ValueKind: JsonValueKind.Object } answer
        ? answer
        : throw new JsonException("It is no object.");

    // The kind of failure, and no address or stack of the inside.
    private static string Why(Exception e) => e switch
    {
        JsonException => "what it said cannot be read.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection.",
        HttpRequestException => "the request failed.",
        TimeoutRejectedException or OperationCanceledException => "it takes too long.",
        BrokenCircuitException => "it has failed too often of late, and is not asked for a while.",
        _ => "the request failed.",
    };

    private static string? DetailOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body, StorageJson.Options) is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("detail", out var detail)
                ? detail.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
