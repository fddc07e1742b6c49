using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.TableStorage;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Atomic.Testing.ServiceBus;
using Atomic.Transactions;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Benchmarks.Couplings;

/// <summary>
/// A definition of five steps in each coupling, over HTTP and the embedded host on a fresh Azurite: all of them at once, to success, and to the
/// refusal of the fifth with the undo of four. A duration is from the start to the end of the last step, as the transaction tells it. No two of
/// them want the same account at once, since a write that several share would be counted as less than what each costs.
/// </summary>
internal static class CouplingRates
{
    private const int Most = 1_000;
    private const int Steps = 5;
    private const int Starters = 32;

    private static readonly Money Rich = new(1_000_000, "EUR");
    private static readonly Money One = new(1, "EUR");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static int _started;

    public static async Task RunAsync()
    {
        var azurite = new AzuriteFixture();
        using var requests = new RequestsByFunction();
        var app = await StartAsync(await azurite.ConnectionStringAsync(), requests);
        await using (app.Host)
        {
            await SeedAsync(app.Services);
            foreach (var coupling in Coupling.All) await MeasureAsync(app, requests, coupling, inFlight: 50, refused: false, warmUp: true);
            foreach (var inFlight in new[] { 200, Most })
            {
                foreach (var coupling in Coupling.All)
                {
                    await MeasureAsync(app, requests, coupling, inFlight, refused: false, warmUp: false);
                    await MeasureAsync(app, requests, coupling, inFlight, refused: true, warmUp: false);
                }
            }
        }

        await azurite.DisposeAsync();
    }

    private static async Task<App> StartAsync(string storage, RequestsByFunction requests)
    {
        IServiceProvider? services = null;
        CountedBus? bus = null;
        var host = await InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes(), HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, Repository.Read(AppSettings.Sample)), Repository.PathOf("infra/service-bus.json"),
            registered =>
            {
                registered.AddTableStorage(storage, configure: options => options.Handler = requests).AddAtomic();
                registered.AddSingleton<IEnumerable<TransactionType>>(provider =>
                {
                    services = provider;
                    return [FiveSteps.Type];
                });
                var client = (ServiceBusClient)registered.Last(service => service.ServiceType == typeof(ServiceBusClient)).ImplementationInstance!;
                registered.AddSingleton<ServiceBusClient>(bus = new CountedBus(client));
                registered.AddSingleton<IFunctionsWorkerMiddleware>(requests);
            });
        // The definitions are made for whoever first asks for them.
        using var nothing = await host.Client.GetAsync(new Uri("/api/transactions/none", UriKind.Relative));
        return new App(host, services!, bus!);
    }

    private static async Task SeedAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<IEventStore>();
        var accounts = Enumerable.Range(0, Most * Steps).Select(n => (Id: $"rich-{n}", Balance: Rich))
            .Concat(Enumerable.Range(0, Most).Select(n => (Id: $"poor-{n}", Balance: new Money(0, "EUR"))));
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (account, cancellation) =>
        {
            var (id, balance) = account;
            var head = await store.LoadAsync<Account>(id, likelyNew: true, cancellation);
            var commit = new NewCommit($"seed-{id}", RecordState.None, RecordState.Done, [new AccountOpened(balance, Rich)], null, new EventContext(id, id));
            if (await store.AppendAsync(head, commit, cancellation) is not AppendOutcome.Appended) throw new InvalidOperationException($"{id} is there already.");
        });
    }

    private static async Task MeasureAsync(App app, RequestsByFunction requests, string coupling, int inFlight, bool refused, bool warmUp)
    {
        requests.Clear();
        var sent = app.Bus.Sent;
        var began = Stopwatch.GetTimestamp();
        var ids = new string[inFlight];
        await Parallel.ForAsync(0, inFlight, new ParallelOptions { MaxDegreeOfParallelism = Starters }, async (n, _) =>
            ids[n] = await StartOneAsync(app, coupling, refused));
        foreach (var id in ids) await EndOfAsync(app, id);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // The tracker's part is counted, too; once it is there, the transactions tell it.
        await app.Host.UntilEmptyAsync("events", "transactions");
        if (warmUp) return;

        var expected = refused ? TransactionState.Compensated : TransactionState.Completed;
        var (all, counted, messages) = (requests.Total, requests.OfTransaction, app.Bus.Sent - sent);
        var ends = new List<TransactionView>();
        foreach (var id in ids) ends.Add(await EndOfAsync(app, id));
        if (ends.Any(end => end.State != expected)) throw new InvalidOperationException($"Not all of them are {expected}.");
        var durations = ends.Select(end => (end.EndedAt!.Value - end.StartedAt).TotalMilliseconds).Order().ToList();
        FormattableString line =
            $"{coupling,-8} {inFlight,5} in flight, {expected,-11}: {inFlight / seconds,6:0.0}/s, p50 {durations[inFlight / 2],6:0} ms, p99 {durations[inFlight * 99 / 100],6:0} ms; a transaction: {(double)all / inFlight:0.0} requests to storage with those of questions, at most {ends.Max(end => end.Cost.Activities)} activities";
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        var predicted = ends[0].Cost.Predicted;
        Compare("requests to storage", predicted.StorageRequests, (double)counted / inFlight, ends.Average(end => end.Cost.Measured.StorageRequests));
        Compare("messages", predicted.MessagesSent, (double)messages / inFlight, ends.Average(end => end.Cost.Measured.MessagesSent));
        Compare("activities", predicted.Activities, null, ends.Average(end => end.Cost.Activities));
        Compare($"{predicted.Price.Currency} a million", (double)predicted.Price.Amount * 1e6, null, ends.Average(end => (double)end.Cost.Measured.Price.Amount) * 1e6);
    }

    /// <param name="counted">By who stands outside of the app, where there is such a one.</param>
    /// <param name="measured">As the transactions tell.</param>
    private static void Compare(string what, double predicted, double? counted, double measured)
    {
        var truth = counted ?? measured;
        FormattableString line =
            $"{"",16}{what,-20} predicted {predicted,8:0.00}, counted {counted,8:0.00}, measured {measured,8:0.00}: the prediction is {(truth == 0 ? predicted : (predicted - truth) / truth),7:+0.0%;-0.0%;0.0%} off";
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<string> StartOneAsync(App app, string coupling, bool refused)
    {
        var started = Interlocked.Increment(ref _started) % Most;
        var accounts = Enumerable.Range(0, Steps)
            .Select(n => new AccountId(refused && n == Steps - 1 ? $"poor-{started}" : $"rich-{(started * Steps) + n}")).ToList();
        using var body = new StringContent(JsonSerializer.Serialize(new FiveSteps(accounts, One), StorageJson.Options), Encoding.UTF8, "application/json");
        using var response = await app.Host.Client.PostAsync(new Uri($"/api/transactions/{FiveSteps.Name}?coordination={coupling}", UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<TransactionView>(await response.Content.ReadAsStringAsync(), StorageJson.Options)!.Id;
    }

    private static async Task<TransactionView> EndOfAsync(App app, string id)
    {
        while (true)
        {
            var found = JsonSerializer.Deserialize<TransactionView>(
                await app.Host.Client.GetStringAsync(new Uri($"/api/transactions/{id}", UriKind.Relative)), StorageJson.Options)!;
            if (found.State is TransactionState.Completed or TransactionState.Compensated) return found;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private sealed record App(InProcessHost Host, IServiceProvider Services, CountedBus Bus);
}
