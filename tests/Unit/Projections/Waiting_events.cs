using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Atomic.Functions.Projections;
using Atomic.Testing;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Projections;

/// <summary>What is measured of a projection that takes nothing, against what the alert asks for.</summary>
public sealed partial class Waiting_events
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly ProjectionLagProbe _probe;

    public Waiting_events()
    {
        var (bus, receiver) = (new Mock<ServiceBusClient>(), new Mock<ServiceBusReceiver>());
        receiver.Setup(each => each.PeekMessagesAsync(It.IsAny<int>(), It.IsAny<long?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync([ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("event"), enqueuedTime: Now)]);
        bus.Setup(each => each.CreateReceiver("events", "held")).Returns(receiver.Object);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _probe = new ProjectionLagProbe(bus.Object, new ProjectionMetrics(meters, _time), _time);
    }

    [Fact]
    public async Task Raise_the_alert_of_a_projection_that_stands_still()
    {
        var query = Query().Match(Repository.Read("infra/modules/alert-queries.bicep"));
        var (names, limit) = (query.Groups["names"].Value, double.Parse(query.Groups["limit"].Value, CultureInfo.InvariantCulture));
        await _probe.MeasureAsync("held", default);
        Assert.DoesNotContain(Measured(), each => names.Contains($"'{each.Instrument}'", StringComparison.Ordinal) && each.Value > limit);

        _time.Advance(TimeSpan.FromSeconds(limit + 1));
        await _probe.MeasureAsync("held", default);

        Assert.Contains(Measured(), each => names.Contains($"'{each.Instrument}'", StringComparison.Ordinal) && each.Value > limit);
    }

    // On another instance it may be over long since, and this one would go on saying so.
    [Fact]
    public async Task Are_not_told_of_by_who_no_longer_looks()
    {
        await _probe.MeasureAsync("held", default);

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Empty(Measured());
    }

    /// <summary>Of the projection "held", which no other test has.</summary>
    private static List<(string Instrument, double Value)> Measured()
    {
        var measured = new List<(string, double)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ProjectionMetrics.Meter) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (tags[0].Value is "held") measured.Add((instrument.Name, value));
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    [GeneratedRegex(@"where Name in \((?<names>[^)]*)\)\n\| summarize Seconds = max\(Max\)[^|]*\| where Seconds > (?<limit>\d+)")]
    private static partial Regex Query();
}
