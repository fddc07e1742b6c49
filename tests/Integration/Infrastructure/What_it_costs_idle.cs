using System.Globalization;
using System.Text.RegularExpressions;
using Atomic.Functions.Costs;
using Atomic.Testing;
using NCrontab;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>
/// The README's figures for a month in which nobody calls, reckoned from what is deployed and what runs by itself. Prices are list prices in USD,
/// West Europe, of November 2025.
/// </summary>
public sealed partial class What_it_costs_idle
{
    private const int HoursOfAMonth = 730;
    private const decimal LogAlert = 1.50m;
    private const decimal TimeSeries = 0.10m;
    private const decimal BusStandard = 0.0135m * HoursOfAMonth;
    private const decimal BusPremium = 0.9275m * HoursOfAMonth;
    private const decimal PrivateEndpoint = 0.01m * HoursOfAMonth;
    private const decimal DnsZone = 0.50m;

    // An instance that works is billed for its memory, and for a second at least. With nobody else there, each run has its second to itself.
    private const decimal GigabyteSecondsAlone = 2m;

    private static readonly DateTime Begin = new(2030, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly PriceList Prices = new();

    private static readonly Snapshot Smallest = Snapshot.Read("azure-storage");

    private static string Guide => Repository.Read("README.md").ReplaceLineEndings(" ");

    [Fact]
    public void Is_said_with_what_it_is_made_of()
    {
        decimal[] reckoned = [Timers + Alerts + BusStandard, Timers, Alerts, BusStandard];

        Assert.Equal(reckoned.Select(each => Math.Round(each)), Idle().Match(Guide).Groups.Values.Skip(1).Select(Figure));
    }

    [Fact]
    public void Is_said_of_a_private_network()
    {
        var network = Snapshot.Read("private-network");
        var more = BusPremium - BusStandard
            + (PrivateEndpoint * network.Of("Microsoft.Network/privateEndpoints").Count()) + (DnsZone * network.Of("Microsoft.Network/privateDnsZones").Count());

        Assert.Equal("Premium", network.The("Microsoft.ServiceBus/namespaces").At("sku.name")!.GetValue<string>());
        Assert.Equal(Math.Round(more / 10) * 10, Figure(Network().Match(Guide).Groups[1]));
    }

    private static decimal Timers => Triggers.Of("TimerTriggerAttribute").Sum(trigger => RunsOf(trigger.Arguments[0]!))
        * (Prices.Executions + (GigabyteSecondsAlone * Prices.GigabyteSeconds)) / 1_000_000;

    private static decimal Alerts =>
        (LogAlert * Smallest.Of("Microsoft.Insights/scheduledQueryRules").Count()) + (TimeSeries * Smallest.Of("Microsoft.Insights/metricAlerts").Sum(SeriesOf));

    private static int RunsOf(string schedule) =>
        CrontabSchedule.Parse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true }).GetNextOccurrences(Begin, Begin.AddDays(30)).Count();

    /// <summary>A metric is billed for each value that an alert splits it by; for an entity's name that is each queue and topic.</summary>
    private static int SeriesOf(Resource alert)
    {
        var values = alert.List("properties.criteria.allOf").Single()["dimensions"]!.AsArray().Single()!["values"]!.AsArray();
        return values.Count > 1 ? values.Count : Smallest.Of("Microsoft.ServiceBus/namespaces/queues").Concat(Smallest.Of("Microsoft.ServiceBus/namespaces/topics")).Count();
    }

    private static decimal Figure(Group said) => decimal.Parse(said.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"idle about (\d+) a month: (\d+) for timers, which never rest, (\d+) for alerts, (\d+) for Service Bus Standard")]
    private static partial Regex Idle();

    [GeneratedRegex(@"`PRIVATE_NETWORK true`[^.]*adds about (\d+)")]
    private static partial Regex Network();
}
