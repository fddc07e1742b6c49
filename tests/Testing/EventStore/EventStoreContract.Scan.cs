using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task Scan_AllRanges_ReturnsEveryStreamOnceTogetherAndInOrder()
    {
        var (here, elsewhere) = await StoresAsync();
        var ids = Enumerable.Range(0, 40).Select(_ => NewId()).ToList();
        foreach (var id in ids)
        {
            await AppendedAsync(here, id, Do("a", new Counted(1), new Counted(2)));
            await AppendedAsync(here, id, Do("b", new Counted(3)));
        }

        var scanned = new List<(int Part, Scanned Scanned)>();
        foreach (var part in Enumerable.Range(0, 4))
        {
            await foreach (var each in ((IStreamScan)elsewhere).ScanAsync<Tally>(part * 64, (part + 1) * 64, CancellationToken.None)) scanned.Add((part, each));
        }

        var ours = scanned.Where(each => ids.Contains(each.Scanned.Stream.Id)).ToList();
        Assert.Equal(ids.Order(), ours.Select(each => each.Scanned.Stream.Id).Distinct().Order());
        Assert.True(ours.Select(each => each.Part).Distinct().Count() > 1, "all streams are in one range");
        Assert.All(ours.Chunk(2), pair =>
        {
            Assert.Equal(pair[0].Scanned.Stream, pair[1].Scanned.Stream);
            Assert.Equal([1L, 2L, 3L], pair.SelectMany(each => each.Scanned.Commit!.Events).Select(e => e.Version));
        });
    }
}
