using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Atomic.Functions.Projections;

/// <summary>How far projections are behind: what waits for them, and how old each event was when it was shown.</summary>
public sealed class ProjectionMetrics
{
    public const string MeterName = "Atomic.Projections";

    private readonly ConcurrentDictionary<string, ProjectionLag> _lags = new();
    private readonly Histogram<double> _delay;
    private readonly TimeProvider _time;

    public ProjectionMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _delay = meter.CreateHistogram<double>("atomic.projection.delay", "s", "From the recording of an event to its being shown.");
        meter.CreateObservableGauge("atomic.projection.lag.events", () => Measure(lag => lag.Events), "{event}", "Events that wait to be shown.");
        meter.CreateObservableGauge("atomic.projection.lag.time", () => Measure(lag => lag.Seconds), "s", "Age of the oldest event that waits to be shown.");
    }

    /// <summary>Events were applied.</summary>
    /// <param name="recorded">When each had been recorded.</param>
    public void Projected(string projection, IEnumerable<DateTimeOffset> recorded)
    {
        var now = _time.GetUtcNow();
        foreach (var at in recorded) _delay.Record(Math.Max(0, (now - at).TotalSeconds), KeyValuePair.Create("projection", (object?)projection));
    }

    /// <summary>The lag as it was found now.</summary>
    public void Measured(string projection, ProjectionLag lag) => _lags[projection] = lag;

    private IEnumerable<Measurement<double>> Measure(Func<ProjectionLag, double> value) =>
        _lags.Select(lag => new Measurement<double>(value(lag.Value), KeyValuePair.Create("projection", (object?)lag.Key)));
}

/// <summary>What waits for a projection.</summary>
/// <param name="Events">How many events; at least so many when <paramref name="More"/>.</param>
/// <param name="Seconds">The age of the oldest of them; 0 when there is none.</param>
public sealed record ProjectionLag(int Events, bool More, double Seconds);
