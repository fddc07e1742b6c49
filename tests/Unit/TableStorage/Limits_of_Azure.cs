using Atomic.TableStorage.Tables;
using Azure.Data.Tables;
using Xunit;

namespace Atomic.Unit.TableStorage;

/// <summary>Each limit, at it and beyond it. Azurite lets some of these through.</summary>
public sealed class Limits_of_Azure
{
    private const string Table = "orders";

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void A_key_has_512_characters(int length, bool passes)
    {
        AssertRow(passes, "partition key", new TableEntity(new string('p', length), "r"));
        AssertRow(passes, "row key", new TableEntity("p", new string('r', length)));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u009fb")]
    public void A_key_has_no_forbidden_characters(string key)
    {
        AssertRow(false, "partition key", new TableEntity(key, "r"));
        AssertRow(false, "row key", new TableEntity("p", key));
    }

    [Theory]
    [InlineData(252, true)]
    [InlineData(253, false)]
    public void A_row_has_252_properties(int count, bool passes)
    {
        var row = new TableEntity("p", "r");
        for (var i = 0; i < count; i++) row[$"P{i}"] = i;

        AssertRow(passes, "properties", row);
    }

    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public void A_property_has_64_KiB(int bytes, bool passes)
    {
        AssertRow(passes, "property Data", new TableEntity("p", "r") { ["Data"] = new byte[bytes] });
        AssertRow(passes, "property Text", new TableEntity("p", "r") { ["Text"] = new string('x', (bytes + 1) / 2) });
    }

    // Four bytes, and for each property eight, its name twice, four and its value; the keys twice.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_row_has_1_MiB(int beyond, bool passes)
    {
        var row = new TableEntity("p", "r");
        for (var i = 0; i < 15; i++) row[$"D{i:D2}"] = new byte[65_536];
        row["Rest"] = new byte[65_536 - 4 - 4 - (15 * (8 + 6 + 4)) - (8 + 8 + 4) + beyond];

        AssertRow(passes, "row 'r'", row);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_batch_has_100_rows(int count, bool passes) =>
        AssertBatch(passes, "rows in a batch", Enumerable.Range(0, count).Select(i => new TableEntity("p", $"{i}")));

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void A_batch_has_4_MiB_as_it_travels(int rows, bool passes) =>
        AssertBatch(passes, "size of a batch", Enumerable.Range(0, rows).Select(i =>
        {
            var row = new TableEntity("p", $"{i}");
            for (var d = 0; d < 9; d++) row[$"D{d}"] = new byte[65_536];
            return row;
        }));

    [Fact]
    public void A_batch_has_one_partition() =>
        AssertBatch(false, "partitions", [new TableEntity("p", "1"), new TableEntity("q", "2")]);

    [Fact]
    public void A_batch_has_a_row_once() =>
        AssertBatch(false, "row '1'", [new TableEntity("p", "1"), new TableEntity("p", "2"), new TableEntity("p", "1")]);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void A_page_has_1000_rows(int rows, bool passes) => Check(passes, "page", () => TableLimits.CheckPage(Table, rows));

    [Theory]
    [InlineData("ab")]
    [InlineData("1orders")]
    [InlineData("my-orders")]
    [InlineData("")]
    public void A_table_has_a_name_of_letters_and_digits(string name) =>
        Assert.Contains($"not '{name}'", Assert.Throws<ArgumentException>(() => TableLimits.CheckName(name)).Message);

    private static void AssertRow(bool passes, string what, TableEntity row) => Check(passes, what, () => TableLimits.CheckRow(Table, row));

    private static void AssertBatch(bool passes, string what, IEnumerable<TableEntity> rows) =>
        Check(passes, what, () => TableLimits.CheckBatch(Table, [.. rows.Select(TableBatch.Insert)]));

    private static void Check(bool passes, string what, Action check)
    {
        if (passes)
        {
            check();
            return;
        }

        var refused = Assert.Throws<TableLimitException>(check);
        Assert.Equal(Table, refused.Table);
        Assert.Contains(what, refused.What, StringComparison.Ordinal);
        Assert.True(refused.Actual > refused.Limit, refused.Message);
    }
}
