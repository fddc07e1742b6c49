using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Atomic.Functions.Projections;

/// <summary>
/// What waits for projections: how many events, and since when. Said by the process that looked, and only for as long as it goes on looking:
/// another may do so tomorrow.
/// </summary>
public sealed class ProjectionMetrics
{
    public const string Meter = "Atomic.Projections";

    // It is looked at each minute.
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, (ProjectionLag Lag, DateTimeOffset At)> _lags = new();
    private readonly TimeProvider _time;

    public ProjectionMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge("atomic.projection.waiting", () => Measure(lag => lag.Events), "{event}", "Events that wait to be shown.");
        // An alert looks for this name, and for the tag.
        meter.CreateObservableGauge("atomic.projection.waiting.age", () => Measure(lag => lag.Seconds), "s", "Age of the oldest event that waits to be shown.");
    }

    /// <summary>The lag as it was found now.</summary>
    public void Measured(string projection, ProjectionLag lag) => _lags[projection] = (lag, _time.GetUtcNow());

    private IEnumerable<Measurement<double>> Measure(Func<ProjectionLag, double> value) =>
        _lags.Where(lag => _time.GetUtcNow() - lag.Value.At < Known)
            .Select(lag => new Measurement<double>(value(lag.Value.Lag), KeyValuePair.Create("projection", (object?)lag.Key)));
}

/// <summary>What waits for a projection.</summary>
/// <param name="Events">How many events; at least so many when <paramref name="More"/>.</param>
/// <param name="Seconds">The age of the oldest of them; 0 when there is none.</param>
public sealed record ProjectionLag(int Events, bool More, double Seconds);
