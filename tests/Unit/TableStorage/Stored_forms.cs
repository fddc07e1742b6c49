using System.Text;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Azure.Data.Tables;
using Xunit;

namespace Atomic.Unit.TableStorage;

public sealed class Stored_forms
{
    [Theory]
    [InlineData("o-17", "o-17")]
    [InlineData("tx/reserve-stock", "tx=002Freserve-stock")]
    [InlineData("a=b|c!d", "a=003Db=007Cc=0021d")]
    [InlineData("ä日", "=00E4=65E5")]
    public void Ids_become_keys_and_back(string id, string key)
    {
        Assert.Equal(key, KeyText.Encode(id));
        Assert.Equal(id, KeyText.Decode(key));
    }

    // Stored keys are made of these hashes: another value would lose every stream.
    [Fact]
    public void Keys_never_change()
    {
        var keys = new StreamKeys(new StreamId("orderingOrder", "o-17"));

        Assert.Equal(
            ["65!o-17", "H!b4898ba5", "E0000000005!b4898ba5", "E0000000005!b4898ba5|1", "C|tx=002Fpay", "S|0!b4898ba5"],
            new[] { keys.Partition, keys.Head, keys.Commit(5), keys.Commit(5, 1), keys.Record("tx/pay"), keys.Snapshot(0) });
    }

    [Fact]
    public void Rows_of_a_stream_are_in_order()
    {
        var keys = new StreamKeys(new StreamId("orderingOrder", "o-17"));
        string[] rows = [keys.Record("z"), keys.Commit(9), keys.Commit(9, 1), keys.Commit(10), keys.Head, keys.Snapshot(0)];

        Assert.Equal(rows, rows.Order(StringComparer.Ordinal));
        Assert.All(rows[1..4], row => Assert.InRange(row, StreamKeys.CommitsFrom(9), StreamKeys.CommitsEnd, StringComparer.Ordinal));
        Assert.All([rows[0], .. rows[4..]], row =>
            Assert.NotInRange(row, StreamKeys.CommitsFrom(0), StreamKeys.CommitsEnd, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(100_000)]
    public void Bytes_are_packed_and_unpacked(int length)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 7)))));
        var noise = new byte[length];
        new Random(3).NextBytes(noise);

        Assert.Equal(text, Packed.Unpack(Packed.Pack(text)).ToArray());
        Assert.Equal(noise, Packed.Unpack(Packed.Pack(noise)).ToArray());
        Assert.InRange(Packed.Pack(noise).Length, 0, length + 1);
        if (length > 1000) Assert.InRange(Packed.Pack(text).Length, 1, length / 50);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 7, 1, 2 })]
    [InlineData(new byte[] { 1, 9, 0, 0, 0, 1, 2 })]
    public void Bytes_that_were_never_packed_are_not_read(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => Packed.Unpack(bytes).Length);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 2)]
    [InlineData(Binary.RowBytes, 11)]
    public void Bytes_are_spread_over_properties(int length, int properties)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        var row = new TableEntity("p", "r");

        Binary.Put(row, "Data", bytes);

        Assert.Equal(properties, row.Count(property => property.Key.StartsWith("Data", StringComparison.Ordinal)));
        Assert.Equal(bytes, Binary.Get(row, "Data"));
        Assert.Null(Binary.Get(row, "State"));
    }

    [Fact]
    public void Records_are_remembered_newest_last_and_without_long_reasons()
    {
        IReadOnlyList<CommandRecord> records = [];
        for (var i = 1; i <= 40; i++) records = RecentRecords.After(records, new CommandRecord($"c{i}", RecordState.Done, i, 0, $"r{i}"));
        records = RecentRecords.After(records, new CommandRecord("c20", RecordState.Undone, 20, 41, null));
        records = RecentRecords.After(records, new CommandRecord("wordy", RecordState.Refused, 42, 0, new string('x', 1025)));

        Assert.Equal(records, RecentRecords.Read(RecentRecords.Write(records)));
        Assert.Equal(32, records.Count);
        Assert.Equal(("c9", "c20"), (records[0].CommandId, records[^1].CommandId));
        Assert.Single(records, record => record.CommandId == "c20");
    }

    [Fact]
    public void A_change_of_shape_is_seen_however_deep()
    {
        var shapes = new[]
        {
            typeof(One), typeof(Renamed), typeof(Retyped), typeof(More), typeof(Deeper), typeof(DeeperChanged), typeof(Listed),
        }.Select(StateShape.Of).ToList();

        Assert.Equal(shapes.Count, shapes.Distinct().Count());
        Assert.Equal(StateShape.Of(typeof(One)), StateShape.Of(typeof(One)));
        Assert.NotEmpty(StateShape.Of(typeof(Tree)));
    }

    private sealed record One(int A);

    private sealed record Renamed(int B);

    private sealed record Retyped(long A);

    private sealed record More(int A, string? B);

    private sealed record Deeper(One A);

    private sealed record DeeperChanged(Retyped A);

    private sealed record Listed(IReadOnlyList<One> A);

    private sealed record Tree(IReadOnlyList<Tree> Branches);
}
