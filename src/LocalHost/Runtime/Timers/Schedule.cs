using System.Globalization;
using NCrontab;

namespace Atomic.LocalHost.Runtime.Timers;

/// <summary>When a timer is due, in UTC: an NCRONTAB expression of five or six fields, or an interval.</summary>
public sealed class Schedule
{
    private static readonly TimeSpan LeastMonitored = TimeSpan.FromMinutes(1);

    private readonly string _text;
    private readonly Func<DateTime, DateTime> _next;

    private Schedule(string text, Func<DateTime, DateTime> next)
    {
        _text = text;
        _next = next;
    }

    /// <returns>Null when the text is neither.</returns>
    public static Schedule? Parse(string text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
            return interval > TimeSpan.Zero ? new Schedule(text, after => after + interval) : null;
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var crontab = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
        return crontab is null ? null : new Schedule(text, crontab.GetNextOccurrence);
    }

    public DateTimeOffset Next(DateTimeOffset after) => new(_next(after.UtcDateTime), TimeSpan.Zero);

    /// <summary>Whether its runs are recorded, so that a missed one is made up for: not when they are less than a minute apart, as in Azure.</summary>
    public bool IsMonitored(DateTimeOffset now)
    {
        var (first, second) = (Next(now), Next(Next(now)));
        return second - first >= LeastMonitored && Next(second) - second >= LeastMonitored;
    }

    public override string ToString() => _text;
}
