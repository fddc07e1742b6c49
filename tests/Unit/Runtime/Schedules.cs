using Atomic.LocalHost.Runtime.Timers;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class Schedules
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("0 */5 * * * *", "2030-01-31T12:05:00Z")]
    [InlineData("*/10 * * * * *", "2030-01-31T12:00:40Z")]
    [InlineData("5 4 * * *", "2030-02-01T04:05:00Z")]
    [InlineData("0 0 0 29 2 *", "2032-02-29T00:00:00Z")]
    [InlineData("0 30 9 * * MON", "2030-02-04T09:30:00Z")]
    [InlineData("00:10:00", "2030-01-31T12:10:30Z")]
    [InlineData("1.00:00:00", "2030-02-01T12:00:30Z")]
    public void Next_OfAnExpressionOrAnInterval_IsTheTimeAfter(string text, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), Schedule.Parse(text)?.Next(Now));

    [Theory]
    [InlineData("")]
    [InlineData("hourly")]
    [InlineData("* * * *")]
    [InlineData("0 0 25 * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    public void Parse_NeitherExpressionNorInterval_IsNull(string text) => Assert.Null(Schedule.Parse(text));

    [Theory]
    [InlineData("0 * * * * *", true)]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("0,10 0 * * * *", false)]
    [InlineData("00:01:00", true)]
    [InlineData("00:00:59", false)]
    public void IsMonitored_RunsLessThanAMinuteApart_AreNot(string text, bool monitored) => Assert.Equal(monitored, Schedule.Parse(text)!.IsMonitored(Now));
}
