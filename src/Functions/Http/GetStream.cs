using System.Globalization;
using Atomic.EventSourcing;
using Atomic.Functions.Access;
using Atomic.Functions.Personal;
using Atomic.Functions.Streams;
using Atomic.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The events of a stream, forward or back, and its state, as of now, a version or a time.</summary>
public sealed class GetStreamFunction(IEventStore events, PersonalData personal, TimeProvider time)
{
    private static readonly string[] Parameters = ["fromVersion", "asOf", "order", "pageSize"];

    [Function(nameof(GetStream))]
    public Task<IResult> GetStream(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/streams/{context}/{id}")] HttpRequest request,
        string context,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        if (Id.Problem(id) is { } problem) throw ProblemException.Invalid("id", problem);
        Endpoint.RequireKnown(request, Parameters);
        var (asOf, page) = (AsOf.Of(request, time.GetUtcNow()), StreamPage.Of(request));
        var (aggregate, stream) = await FindAsync(context, id, asOf, cancellation);
        if (asOf.Version > stream.Head)
            throw ProblemException.Invalid("asOf", $"version {asOf.Version} is in the future: the stream is at version {stream.Head}.");
        var (shown, next) = page.Cut(stream.Events);
        return Endpoint.Json(await personal.OpenAsync(new
        {
            stream = new StreamId(aggregate.Category, id).ToString(),
            version = stream.Version,
            head = stream.Head,
            state = Redacted.Unless(request, stream.State),
            events = shown.Select(e => RecordedEventView.Of(e, aggregate)).Select(e => e with { Data = Redacted.Unless(request, e.Data) }),
            nextFromVersion = next,
        }, cancellation));
    });

    /// <summary>The one stream of that id in a context, or in the category itself.</summary>
    private async Task<(AggregateType Aggregate, StreamState Stream)> FindAsync(string context, string id, AsOf asOf, CancellationToken cancellation)
    {
        var candidates = AggregateCatalog.All.Where(aggregate => aggregate.Category == context || aggregate.Context == context).ToList();
        if (candidates.Count == 0)
        {
            throw ProblemException.NotFound(
                $"The context '{context}' (there are: {string.Join(", ", AggregateCatalog.All.Select(aggregate => aggregate.Context).Distinct())})");
        }

        var read = await Task.WhenAll(candidates.Select(async aggregate => (aggregate, await aggregate.ReadAsync(events, id, asOf.Shows, cancellation))));
        var found = read.Where(each => each.Item2.Head > 0).ToList();
        return found.Count switch
        {
            0 => throw ProblemException.NotFound($"A stream '{id}' of {context}"),
            1 => found[0],
            _ => throw new ProblemException(
                StatusCodes.Status409Conflict, "Several streams have this id.",
                $"Ask for one of them: {string.Join(", ", found.Select(each => $"/api/streams/{each.aggregate.Category}/{id}"))}."),
        };
    }
}

/// <summary>Up to where a stream is shown: a version, a time, or all of it.</summary>
internal sealed record AsOf(long? Version, DateTimeOffset? Time)
{
    public static AsOf Of(HttpRequest request, DateTimeOffset now)
    {
        if (request.Query("asOf") is not { } text) return new AsOf(null, null);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return new AsOf(version, null);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw ProblemException.Invalid("asOf", "must be a version, or a time of ISO 8601, as in 2030-01-31T12:00:00Z.");
        return time <= now ? new AsOf(null, time) : throw ProblemException.Invalid("asOf", $"{text} is in the future.");
    }

    public bool Shows(RecordedEvent e) => (Version is null || e.Version <= Version) && (Time is null || e.At <= Time);
}

/// <summary>Which of the events are shown at once.</summary>
internal sealed record StreamPage(long? FromVersion, bool Back, int Size)
{
    public static StreamPage Of(HttpRequest request) => new(
        request.Query("fromVersion") switch
        {
            null => null,
            var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 => version,
            _ => throw ProblemException.Invalid("fromVersion", "must be a whole number from 1."),
        },
        request.Query("order") switch
        {
            null or "asc" => false,
            "desc" => true,
            _ => throw ProblemException.Invalid("order", "must be asc or desc."),
        },
        Endpoint.PageSize(request));

    /// <summary>The page, and from which version the next one goes on.</summary>
    public (IReadOnlyList<RecordedEvent> Shown, long? Next) Cut(IReadOnlyList<RecordedEvent> events)
    {
        var ordered = Back ? events.Reverse() : events;
        var left = ordered.Where(e => FromVersion is null || (Back ? e.Version <= FromVersion : e.Version >= FromVersion)).ToList();
        return (left.Take(Size).ToList(), left.Count > Size ? left[Size].Version : null);
    }
}

/// <summary>An event as the HTTP API shows it.</summary>
public sealed record RecordedEventView(
    long Version, string Type, Transfer Transfer, object Data, DateTimeOffset At, string CorrelationId, string CausationId, string? TraceParent, string? Actor)
{
    public static RecordedEventView Of(RecordedEvent e, AggregateType aggregate) => new(
        e.Version, e.Type, aggregate.Events.SchemaOf(e.Data).Transfer, e.Data, e.At, e.Context.CorrelationId, e.Context.CausationId, e.Context.TraceParent, e.Context.Actor);
}
