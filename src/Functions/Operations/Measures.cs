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

    private static readonly Counter<long> OverdueFlows =
        Source.CreateCounter<long>("atomic.transaction.overdue", "{transaction}", "Flows found whose next fact was late.");

    public static void Overdue(string definition, string coordination, string step) => OverdueFlows.Add(
        1, new("definition", definition), new("coordination", coordination), new KeyValuePair<string, object?>("step", step));

    public static void Projected(string projection, TimeSpan lag) =>
        ProjectionLag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("projection", projection));
}
