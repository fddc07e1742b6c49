using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Backups;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Unit.EventSourcing;
using Atomic.Unit.Telemetry;
using Atomic.Verification.Simulation;
using Atomic.Verification.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Xunit;

namespace Atomic.Unit.Watch;

/// <summary>The watch over an engine that knows of one instance, or of none, with streams and tracker in memory.</summary>
public abstract class Watching
{
    protected static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    protected static readonly SimulatedApp App = new();

    protected static readonly TransactionCatalog Catalog = App.Get<TransactionCatalog>();

    private readonly ProgressKeeper _progress;
    private readonly TransactionWatch _watch;

    protected Watching()
    {
        Events = new InMemoryEventStore(Time);
        var rows = new InMemoryReadModels();
        Restores = new RestoreMarks(rows);
        _progress = new ProgressKeeper(rows, Catalog, NullLogger<ProgressKeeper>.Instance);
        var open = new OpenTransactions(rows, _progress, Time);
        var repairs = new TransactionRepairs(Events, new RecordingPublisher(), Time, Said);
        _watch = new TransactionWatch(
            Catalog, new LostWrites(Events), Restores, open, new OrchestrationRepair(Catalog, App.Get<FactPublisher>(), repairs, Time), Time, Unseen);
        Engine.Setup(engine => engine.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>()))
            .Returns((OrchestrationQuery? query) => new OnePage(Known is null || Matches(query!, Known) ? Known : null));
        Engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => Known);
        Engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => Known);
    }

    protected FakeTimeProvider Time { get; } = new(Now);

    protected InMemoryEventStore Events { get; }

    protected Mock<DurableTaskClient> Engine { get; } = new("watched");

    private protected KeptLog<TransactionRepairs> Said { get; } = new();

    /// <summary>What was logged of those that could not be looked at.</summary>
    private protected KeptLog<TransactionWatch> Unseen { get; } = new();

    protected RestoreMarks Restores { get; }

    /// <summary>What the engine knows; null when it knows nothing.</summary>
    protected OrchestrationMetadata? Known { get; set; } = new("", "");

    protected static OrchestrationMetadata Instance(
        OrchestrationRuntimeStatus status, DateTimeOffset updated, TransactionState state = TransactionState.Running, params string[] tokens)
    {
        var definition = Catalog.Newest("place-order")!.Definition;
        var steps = definition.Steps.Select(_ => new StepStatus(StepState.Waiting, 0, null, null, null)).ToList();
        return Instance(definition, status, updated, new TransactionStatus(state, null, Now.UtcDateTime, steps, 0, tokens));
    }

    protected static OrchestrationMetadata Instance(Definition definition, OrchestrationRuntimeStatus status, DateTimeOffset updated, TransactionStatus stands) =>
        new(nameof(TransactionOrchestrator.RunTransaction), "t-1")
        {
            RuntimeStatus = status,
            CreatedAt = Now.AddDays(-2),
            LastUpdatedAt = updated,
            DataConverter = SimulatedOrchestrationContext.Converter,
            SerializedInput = Text(new TransactionStart(definition.Name, definition.Version, Coupling.Requests, "f", JsonSerializer.SerializeToElement(1))),
            SerializedCustomStatus = Text(stands),
            FailureDetails = status == OrchestrationRuntimeStatus.Failed ? new TaskFailureDetails("Strayed", "It strayed.", null, null, null) : null,
        };

    /// <summary>One whose status this code cannot read.</summary>
    protected static OrchestrationMetadata Unreadable() => new(nameof(TransactionOrchestrator.RunTransaction), "t-1")
    {
        RuntimeStatus = OrchestrationRuntimeStatus.Running,
        CreatedAt = Now.AddDays(-2),
        LastUpdatedAt = Now,
        DataConverter = SimulatedOrchestrationContext.Converter,
        SerializedCustomStatus = "unreadable",
    };

    /// <summary>A trip that costs more than may be booked without asking: somebody has a day to decide.</summary>
    protected static OrchestrationMetadata AtAnApproval(DateTimeOffset updated, params string[] tokens)
    {
        var definition = Catalog.Newest("book-trip")!.Definition;
        var steps = definition.Steps.Select(step => new StepStatus(step.Name == "approve" ? StepState.Running : StepState.Waiting, 0, null, null, null)).ToList();
        return Instance(definition, OrchestrationRuntimeStatus.Running, updated, new TransactionStatus(TransactionState.Running, null, Now.UtcDateTime, steps, 0, tokens));
    }

    /// <summary>The tracker hears of its start, and knows it as open since.</summary>
    protected Task StartedAsync(string coupling = Coupling.Requests, params string[] tokens)
    {
        var header = new TransactionHeader("t-1", "place-order", 1, coupling, JsonSerializer.SerializeToElement(Shop.Order(), StorageJson.Options), Now);
        return _progress.HearAsync(new TransactionFact(header, new Fact(FactKind.Started, ""), Now, tokens), CancellationToken.None);
    }

    protected Task RestoredAsync(DateTimeOffset at) => Restores.PutAsync(new RestoreMark("2030-01-30", at, null), CancellationToken.None);

    protected Task AddStockAsync(string transaction) => new CommandHandler(Events, new RecordingPublisher()).DoAsync<StockItem>(
        "tea", new Invocation("c-1", new EventContext(transaction, "c-1")), _ => [new StockAdded(new Sku("tea"), 5)], creates: true, CancellationToken.None);

    protected static string? Text(object value) => SimulatedOrchestrationContext.Converter.Serialize(value);

    protected async Task<Finding?> FindAsync() => (await _watch.RunAsync(Engine.Object, CancellationToken.None)).SingleOrDefault();

    protected async Task<WatchedTransaction> RaisedAsync(OrchestrationMetadata instance)
    {
        Known = instance;
        Assert.NotNull(await FindAsync());
        return await WatchedAsync();
    }

    protected async Task<WatchedTransaction> WatchedAsync() => (await Events.LoadAsync<WatchedTransaction>("t-1", likelyNew: false, CancellationToken.None)).State;

    protected void Restarted(int times) => Engine.Verify(
        engine => engine.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.Is<TransactionStart>(start => start.HasRunBefore),
            It.Is<StartOrchestrationOptions>(options => options.InstanceId == "t-1" && !options.DedupeStatuses!.Contains(nameof(OrchestrationRuntimeStatus.Failed))),
            It.IsAny<CancellationToken>()),
        Times.Exactly(times));

    protected void Begun(Times times) => Engine.Verify(
        engine => engine.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()), times);

    private static bool Matches(OrchestrationQuery query, OrchestrationMetadata instance) =>
        query.Statuses?.Contains(instance.RuntimeStatus) != false && !(instance.CreatedAt < query.CreatedFrom) && !(instance.CreatedAt > query.CreatedTo);

    protected sealed class OnePage(OrchestrationMetadata? only) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Microsoft.DurableTask.Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.CompletedTask;
            yield return new Microsoft.DurableTask.Page<OrchestrationMetadata>(only is null ? [] : [only]);
        }
    }
}
