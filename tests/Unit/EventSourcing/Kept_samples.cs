using System.Text.Json;
using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Unit.EventSourcing;

/// <summary>Streams are immutable: what was written by any version that ever shipped must be readable, and mean the same.</summary>
public sealed class Kept_samples
{
    [Fact]
    public void Of_every_version_of_every_event_read_to_the_same_event()
    {
        var problems = EventSample.Problems(EventSample.Aggregates(), EventSample.All()).ToList();

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Fact]
    public void A_type_without_one_is_seen() =>
        Assert.Equal(["parcels/ParcelWeighed.v1 has no sample"], Problems(EventTypes.Of(typeof(ParcelWeighed))));

    [Fact]
    public void One_of_a_version_that_nobody_reads_any_more_is_seen() =>
        Assert.Contains("parcels/ParcelWeighed.v2 has a sample and can be read no more",
            Problems(EventTypes.Of(typeof(ParcelWeighed)), ("ParcelWeighed.v1", """{ "grams": 5 }"""), ("ParcelWeighed.v2", """{ "grams": 5 }""")));

    [Fact]
    public void One_whose_field_is_lost_is_seen() =>
        Assert.Equal(["""parcels/ParcelWeighed.v1 reads to {"grams":0}, not to {"kilograms":5}"""],
            Problems(EventTypes.Of(typeof(ParcelWeighed)), ("ParcelWeighed.v1", """{ "kilograms": 5 }""")));

    private static IEnumerable<string> Problems(EventTypes types, params (string Name, string Data)[] samples) =>
        EventSample.Problems(new Dictionary<string, EventTypes> { ["parcels"] = types },
            [.. samples.Select(sample => new EventSample("parcels", sample.Name, JsonDocument.Parse(sample.Data).RootElement, null))]);

    private sealed record ParcelWeighed(int Grams) : IEvent;
}
