using System.Diagnostics;
using System.Globalization;
using Atomic.EventSourcing;
using Atomic.TableStorage;
using Atomic.TableStorage.Requests;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Benchmarks.TableStorage;

/// <summary>Appends and projections a second on an Azurite of its own, with one, eight and 32 at a time.</summary>
internal static class StorageRates
{
    private const int Operations = 1_000;
    private const int WarmUp = 300;
    private const string Table = "readBenchmark";

    private static readonly EventContext Context =
        new("correlation", "causation", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    private static readonly Dictionary<string, string> Columns = new() { ["OrderId"] = "o-17", ["State"] = "Open" };

    public static async Task RunAsync(TextWriter output)
    {
        var azurite = new AzuriteFixture();
        try
        {
            var storage = await azurite.ConnectionStringAsync();
            await output.WriteLineAsync($"{"",-24} {"at once",8} {"a second",9} {"client ms",10}  requests");
            foreach (var atOnce in new[] { 1, 8, 32 })
            {
                await MeasureAsync(output, "create a stream", atOnce, storage, CreateAsync);
                await MeasureAsync(output, "append, warm", atOnce, storage, AppendAsync, before: CreateAsync);
                await MeasureAsync(output, "append, cold", atOnce, storage, AppendAsync, before: CreateAsync, cold: true);
                await MeasureAsync(output, "first event of a row", atOnce, storage, InsertAsync);
                await MeasureAsync(output, "next event, warm", atOnce, storage, ProjectAsync, before: InsertAsync);
                await MeasureAsync(output, "next event, cold", atOnce, storage, ProjectAsync, before: InsertAsync, cold: true);
            }
        }
        finally
        {
            await azurite.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(
        TextWriter output, string name, int atOnce, string storage, Func<Stores, string, Task> work,
        Func<Stores, string, Task>? before = null, bool cold = false)
    {
        var (run, stores) = (Guid.NewGuid().ToString("N"), Stores.Of(storage));
        if (before is not null) await AllAsync(-WarmUp, Operations, 32, i => before(stores, $"{run}-{i}"));
        if (cold) stores = Stores.Of(storage);
        await AllAsync(-WarmUp, 0, atOnce, i => work(stores, $"{run}-{i}"));

        using var count = RequestCount.Begin();
        using var process = Process.GetCurrentProcess();
        var (cpu, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await AllAsync(0, Operations, atOnce, i => work(stores, $"{run}-{i}"));
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - cpu);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24} {atOnce,8} {Operations / elapsed.TotalSeconds,9:0} {used.TotalMilliseconds / Operations,10:0.00}  {count}"));
    }

    private static Task AllAsync(int from, int to, int atOnce, Func<int, Task> work) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) => await work(i));

    private static Task CreateAsync(Stores stores, string id) => AppendAsync(stores, id, "first", likelyNew: true);

    private static Task AppendAsync(Stores stores, string id) => AppendAsync(stores, id, "next", likelyNew: false);

    private static async Task AppendAsync(Stores stores, string id, string command, bool likelyNew)
    {
        var head = await stores.Events.LoadAsync<Tally>(id, likelyNew, CancellationToken.None);
        IEvent[] events = [new Counted(1, "A line of an order.")];
        var commit = new NewCommit($"{id}/{command}", RecordState.None, RecordState.Done, events, null, Context);
        if (await stores.Events.AppendAsync(head, commit, CancellationToken.None) is not AppendOutcome.Appended)
            throw new InvalidOperationException($"Stream {head.Stream} was not appended to.");
    }

    private static Task InsertAsync(Stores stores, string id) =>
        WriteAsync(stores, new(id, new Tally(1, 1, "A line of an order."), Applied(1), null));

    private static async Task ProjectAsync(Stores stores, string id)
    {
        var row = await stores.Rows.FindAsync<Tally>(Table, id, fresh: false, CancellationToken.None);
        await WriteAsync(stores, row! with { Data = new Tally(2, 2, row.Data.Notes), Applied = Applied(2) });
    }

    private static async Task WriteAsync(Stores stores, Row<Tally> row)
    {
        if (!await stores.Rows.WriteAsync(Table, row, Columns, CancellationToken.None))
            throw new InvalidOperationException($"Row {row.Key} was not written.");
    }

    private static Dictionary<string, long> Applied(long version) => new() { ["contractTally:0af7651916cd43dd8448eb211c80319c"] = version };

    private sealed record Stores(IEventStore Events, IReadModelStore Rows)
    {
        public static Stores Of(string storage)
        {
            var services = new ServiceCollection().AddSingleton(TimeProvider.System)
                .AddTableStorage(storage, configure: options => (options.WarmStreams, options.WarmRows) = (100_000, 100_000))
                .BuildServiceProvider();
            return new Stores(services.GetRequiredService<IEventStore>(), services.GetRequiredService<IReadModelStore>());
        }
    }
}
