using System.Diagnostics.Metrics;

namespace Atomic.Functions.Operations;

/// <summary>What the app measures of itself.</summary>
internal static class Measures
{
    public const string Meter = "Atomic.Functions";

    private static readonly Meter Source = new(Meter);

    // An alert looks for this name, and for the tag.
    private static readonly Histogram<double> ProjectionLag =
        Source.CreateHistogram<double>("atomic.projection.lag", "s", "From an event to the read model that shows it.");

    private static readonly Counter<long> Starts =
        Source.CreateCounter<long>("atomic.transaction.starts", "{transaction}", "Transactions whose start the tracker has heard of.");

    private static readonly Counter<long> Ends =
        Source.CreateCounter<long>("atomic.transaction.ends", "{transaction}", "Transactions that ended, by state.");

    private static readonly Histogram<double> Duration =
        Source.CreateHistogram<double>("atomic.transaction.duration", "s", "From a transaction's start to its end.");

    private static readonly Counter<long> ParkedSteps =
        Source.CreateCounter<long>("atomic.transaction.parked", "{step}", "Steps that were parked.");

    private static readonly Counter<long> OverdueFlows =
        Source.CreateCounter<long>("atomic.transaction.overdue", "{transaction}", "Flows found whose next fact was late.");

    private static readonly Counter<long> StepAttempts =
        Source.CreateCounter<long>("atomic.command.attempts", "{attempt}", "Commands carried out by participants, by how they ended.");

    private static readonly Histogram<long> StorageRequests =
        Source.CreateHistogram<long>("atomic.command.storage_requests", "{request}", "Requests to Table Storage of one command.");

    public static void Started(string definition, string coordination) => Starts.Add(1, Of(definition, coordination));

    public static void Ended(string definition, string coordination, string state, TimeSpan duration)
    {
        KeyValuePair<string, object?>[] tags = [.. Of(definition, coordination), new("state", state)];
        Ends.Add(1, tags);
        Duration.Record(duration.TotalSeconds, tags);
    }

    public static void Parked(string definition, string coordination, string step) =>
        ParkedSteps.Add(1, [.. Of(definition, coordination), new("step", step)]);

    public static void Overdue(string definition, string coordination, string step) =>
        OverdueFlows.Add(1, [.. Of(definition, coordination), new("step", step)]);

    /// <param name="outcome"><c>accepted</c>, <c>refused</c> or <c>unknown</c>.</param>
    public static void Carried(string context, string command, string outcome, long storageRequests)
    {
        KeyValuePair<string, object?>[] tags = [new("context", context), new("command", command)];
        StorageRequests.Record(storageRequests, tags);
        StepAttempts.Add(1, [.. tags, new("outcome", outcome)]);
    }

    public static void Projected(string projection, TimeSpan lag) =>
        ProjectionLag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("projection", projection));

    private static KeyValuePair<string, object?>[] Of(string definition, string coordination) =>
        [new("definition", definition), new("coordination", coordination)];
}
