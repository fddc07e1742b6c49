using System.Diagnostics;
using System.Globalization;
using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.TableStorage;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Benchmarks.ReadSide;

/// <summary>Streams of products, written straight to the event store, and their rows.</summary>
internal sealed class SeededShop(string storage)
{
    private const int AtOnce = 8;

    private static readonly EventContext Context = new("seed", "seed");

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System).AddTableStorage(storage).BuildServiceProvider();

    public static string SkuOf(int number) => string.Create(CultureInfo.InvariantCulture, $"sku-{number:D6}");

    /// <summary>Products <paramref name="from"/> to <paramref name="to"/> (not included), each with so many commits of so many events.</summary>
    public async Task AppendAsync(int from, int to, int commits, int events)
    {
        var store = _services.GetRequiredService<IEventStore>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellation) =>
        {
            var sku = new Sku(SkuOf(number));
            var head = await store.LoadAsync<StockItem>(sku.Value, likelyNew: true, cancellation);
            IEvent[] added = [.. Enumerable.Repeat(new StockAdded(sku, 1), events)];
            var together = Enumerable.Range(0, commits)
                .Select(i => new NewCommit($"seed-{i}", RecordState.None, RecordState.Done, added, null, Context)).ToList();
            if (await store.AppendAsync(head, together, cancellation) is not AppendOutcome.Appended)
                throw new InvalidOperationException($"{head.Stream} was there already.");
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{to - from:N0} streams more were written in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
    }

    /// <summary>The rows of all products, in the version that is active.</summary>
    public async Task ProjectAsync()
    {
        var states = _services.GetRequiredService<IProjectionStates>();
        var rebuilder = new Rebuilder<StockLevels, StockItem, StockLevel>(
            _services.GetRequiredService<IStreamScan>(), _services.GetRequiredService<IReadModelStore>(), states);
        var state = await states.LoadAsync(StockLevels.Name, CancellationToken.None);
        await rebuilder.RebuildAsync(state, state.Active.Number, 0, IStreamScan.Ranges, CancellationToken.None);
    }
}
