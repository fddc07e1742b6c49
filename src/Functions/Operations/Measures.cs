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

    public static void Projected(string projection, TimeSpan lag) =>
        ProjectionLag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("projection", projection));
}
