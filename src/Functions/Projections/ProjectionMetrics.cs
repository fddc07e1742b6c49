using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Atomic.Functions.Projections;

/// <summary>What waits for projections, as it was found last: how many events, and since when.</summary>
public sealed class ProjectionMetrics
{
    public const string Meter = "Atomic.Projections";

    private readonly ConcurrentDictionary<string, ProjectionLag> _lags = new();

    public ProjectionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge("atomic.projection.waiting", () => Measure(lag => lag.Events), "{event}", "Events that wait to be shown.");
        meter.CreateObservableGauge("atomic.projection.waiting.age", () => Measure(lag => lag.Seconds), "s", "Age of the oldest event that waits to be shown.");
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
