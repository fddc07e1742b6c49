using System.Diagnostics;

namespace Atomic.Functions.Operations;

/// <summary>
/// Spans of the app's own: a start over HTTP, each act of a step, each fact heard, each event projected. Their parents travel with commands,
/// events and facts as W3C trace contexts, so that all of a transaction is one trace, whichever way its steps are coupled.
/// </summary>
internal static class Traces
{
    public const string Source = "Atomic.Functions";

    private static readonly ActivitySource Spans = new(Source);

    /// <summary>
    /// The trace context that what is sent carries on: of the span that sends it, if that is of the trace; the host's span of a call may be of
    /// a trace of its own.
    /// </summary>
    /// <param name="carried">The one that came; null when none did.</param>
    public static string? Onward(string? carried) =>
        Activity.Current is { } current && (!ActivityContext.TryParse(carried, null, out var came) || came.TraceId == current.TraceId) ? current.Id : carried;

    /// <param name="parent">The trace context that came with what is handled; null when none did.</param>
    public static Activity? Start(string name, ActivityKind kind, string? parent, string? transaction)
    {
        var current = Activity.Current;
        // What the host began for this very call is nearer, when it is of the same trace.
        var isCarried = ActivityContext.TryParse(parent, null, isRemote: true, out var carried) && current?.TraceId != carried.TraceId;
        var span = Spans.StartActivity(name, kind, isCarried ? carried : current?.Context ?? default);
        if (transaction is not null) span?.SetTag("atomic.transaction", transaction);
        return span;
    }
}
