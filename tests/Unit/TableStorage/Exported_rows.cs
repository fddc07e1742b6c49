using System.Text;
using System.Text.Json;
using Atomic.TableStorage.Export;
using Azure.Data.Tables;
using Xunit;

namespace Atomic.Unit.TableStorage;

public sealed class Exported_rows
{
    public static TheoryData<object> Values =>
    [
        "text with \"quotes\", \n and ü",
        new byte[] { 0, 255, 1 },
        true,
        42,
        long.MaxValue,
        0.1,
        new DateTimeOffset(2026, 11, 25, 17, 30, 15, 123, TimeSpan.Zero).AddTicks(4567),
        Guid.Parse("2b3f4c77-2d33-4a2f-8d3e-0d1f6f6b8e11"),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Come_back_as_they_were(object value)
    {
        var read = RowLine.Read(Line(new TableEntity("a1!order", "E0000000001") { ["Value"] = value }));

        Assert.Equal(("a1!order", "E0000000001"), (read.PartitionKey, read.RowKey));
        Assert.Equal(value, read["Value"]);
        Assert.IsType(value.GetType(), read["Value"]);
    }

    [Fact]
    public void Are_a_line_each() => Assert.DoesNotContain('\n', Line(new TableEntity("p", "r") { ["Text"] = "a\nb" }));

    [Fact]
    public void Leave_out_what_the_service_adds() =>
        Assert.Equal("""{"partition":"p","row":"r","values":{}}""", Line(new TableEntity("p", "r") { Timestamp = DateTimeOffset.UnixEpoch, ETag = new("x"), ["Nothing"] = null }));

    [Fact]
    public void Of_a_type_that_tables_do_not_have_are_refused() =>
        Assert.Contains("Price", Assert.Throws<FormatException>(() => Line(new TableEntity("p", "r") { ["Price"] = 1.5m })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "0")]
    [InlineData("!", "0")]
    [InlineData("0f!a", "0")]
    [InlineData("1", "1")]
    [InlineData("9z", "9")]
    [InlineData("Order", "9")]
    [InlineData("ff!a", "f")]
    [InlineData("stock", "f")]
    public void Are_each_in_one_range(string partition, string range) => Assert.Equal(range, Assert.Single(KeyRange.All, each => Holds(each, partition)).Name);

    private static bool Holds(KeyRange range, string partition) =>
        (range.From is null || string.CompareOrdinal(partition, range.From) >= 0) && (range.Before is null || string.CompareOrdinal(partition, range.Before) < 0);

    private static string Line(TableEntity row)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) RowLine.Write(writer, row);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
