using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Personal;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Messaging;
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

public sealed class Watching_transactions
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly SimulatedApp App = new();

    private static readonly TransactionCatalog Catalog = App.Get<TransactionCatalog>();

    private readonly FakeTimeProvider _time = new(Now);
    private readonly InMemoryEventStore _events;
    private readonly Mock<DurableTaskClient> _engine = new("watched");
    private readonly KeptLog<TransactionRepairs> _said = new();
    private readonly ProgressKeeper _progress;
    private readonly TransactionWatch _watch;
    private OrchestrationMetadata? _instance = new("", "");

    public Watching_transactions()
    {
        _events = new InMemoryEventStore(_time);
        var rows = new InMemoryReadModels();
        _progress = new ProgressKeeper(rows, Catalog, NullLogger<ProgressKeeper>.Instance);
        var open = new OpenTransactions(rows, _progress, _time);
        var answers = new AwaitedAnswers(
            new CommandHandler(_events, new RecordingPublisher()), _events, App.Get<PersonalData>(), Mock.Of<ICommandBus>(), Guid.NewGuid);
        var repairs = new TransactionRepairs(_events, new RecordingPublisher(), _time, _said);
        _watch = new TransactionWatch(Catalog, _events, open, new OrchestrationRepair(Catalog, App.Get<FactPublisher>(), answers, new Corrections(_events), repairs, _time), _time, NullLogger<TransactionWatch>.Instance);
        _engine.Setup(engine => engine.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>())).Returns(() => new OnePage(_instance));
        _engine.Setup(engine => engine.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => _instance);
        _engine.Setup(engine => engine.RestartAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync((string id, bool _, CancellationToken _) => id);
    }

    [Fact]
    public async Task Begins_again_what_has_failed_once_a_run_and_gives_up_in_the_end()
    {
        for (var run = 1; run <= WatchedTransaction.MostAttempts + 1; run++)
        {
            _instance = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(run));
            Assert.Equal("It strayed.", (await FindAsync())!.Reason);
        }

        Restarted(WatchedTransaction.MostAttempts);
        Assert.Contains("begun again 3 times", (await WatchedAsync()).Reason, StringComparison.Ordinal);
    }

    // The record was written, and the process ended before it could act.
    [Fact]
    public async Task Begins_again_what_it_has_on_record_and_has_not_done()
    {
        _instance = Instance(OrchestrationRuntimeStatus.Failed, Now);
        _engine.SetupSequence(engine => engine.RestartAsync("t-1", false, It.IsAny<CancellationToken>())).ThrowsAsync(new TimeoutException()).ReturnsAsync("t-1");
        Assert.Null(await FindAsync());

        await FindAsync();

        Restarted(2);
        Assert.Equal((Repair.Restart, 2), ((await WatchedAsync()).Repair, (await WatchedAsync()).Attempts));
    }

    [Fact]
    public async Task Loads_what_it_did_before_once_for_each_that_it_finds()
    {
        _instance = Instance(OrchestrationRuntimeStatus.Failed, Now);

        await FindAsync();

        Assert.Equal((1, 1), (_events.Loads, _events.Appends));
    }

    [Fact]
    public async Task Calls_a_person_once_for_what_it_has_given_up()
    {
        for (var run = 1; run <= WatchedTransaction.MostAttempts; run++)
        {
            _instance = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(run));
            await FindAsync();
        }

        _instance = Instance(OrchestrationRuntimeStatus.Failed, Now.AddMinutes(10));
        for (var look = 0; look < 3; look++) Assert.NotNull(await FindAsync());

        Assert.Equal(WatchedTransaction.MostAttempts + 1, _events.Appends);
    }

    // The alert looks two days back, and would go away while the cause lasts.
    [Fact]
    public async Task Calls_again_each_day_for_as_long_as_it_lasts()
    {
        _instance = Instance(OrchestrationRuntimeStatus.Terminated, Now);
        for (var look = 0; look < 3; look++) await FindAsync();
        Assert.StartsWith("TransactionRaised Transaction t-1 needs a person: ", Assert.Single(_said.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(1));
        for (var look = 0; look < 3; look++) await FindAsync();

        Assert.Equal((2, 1), (_said.Lines.Count, _said.Lines.Distinct().Count()));
        Assert.Equal(1, _events.Appends);
    }

    [Fact]
    public async Task Leaves_alone_what_has_been_begun_again_since_the_engine_was_asked()
    {
        var before = Instance(OrchestrationRuntimeStatus.Failed, Now);
        _instance = Instance(OrchestrationRuntimeStatus.Running, Now.AddMinutes(1));
        _engine.Setup(engine => engine.GetAllInstancesAsync(It.IsAny<OrchestrationQuery?>())).Returns(new OnePage(before));

        await FindAsync();

        Restarted(0);
    }

    [Fact]
    public async Task Raises_what_was_terminated() => Assert.Contains("terminated", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Terminated, Now))).Reason, StringComparison.Ordinal);

    // The scheduler lets go of what was terminated after some months, and the tracker has never heard of an end.
    [Fact]
    public async Task Does_not_begin_what_was_terminated_once_its_history_is_gone()
    {
        await StartedAsync();
        await RaisedAsync(Instance(OrchestrationRuntimeStatus.Terminated, Now));

        _instance = null;
        _time.Advance(TimeSpan.FromDays(90));
        Assert.NotNull(await FindAsync());

        Assert.Equal((Repair.None, 1), ((await WatchedAsync()).Repair, _events.Appends));
        Begun(Times.Never());
        Assert.Equal(2, _said.Lines.Count(line => line.Contains("terminated", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Begins_what_the_engine_has_lost_also_when_a_person_was_called_before()
    {
        await StartedAsync();
        await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence));

        _instance = null;
        await FindAsync();

        Assert.Equal(Repair.Begin, (await WatchedAsync()).Repair);
        Begun(Times.Once());
    }

    [Fact]
    public async Task Raises_what_was_suspended_and_forgotten() =>
        Assert.Contains("is Suspended", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Suspended, Now - TransactionWatch.Silence))).Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Raises_what_says_nothing()
    {
        Assert.Contains("said nothing since", (await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence))).Reason, StringComparison.Ordinal);
        Restarted(0);
    }

    // As after a restore of the one and not of the other.
    [Fact]
    public async Task Raises_what_is_ahead_of_its_streams_and_names_the_stream()
    {
        await new CommandHandler(_events, new RecordingPublisher()).DoAsync<StockItem>(
            "tea", new Invocation("c-1", new EventContext("c-1", "c-1")), _ => [new StockAdded(new Sku("tea"), 5)], creates: true, CancellationToken.None);

        var raised = await RaisedAsync(Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence, tokens: "inventoryStockItem:tea@4"));
        Assert.Contains("inventoryStockItem:tea@4, and that stream is at version 1", raised.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_alone_what_goes_on_or_waits_for_a_person_or_is_no_transaction()
    {
        foreach (var instance in new[]
        {
            Instance(OrchestrationRuntimeStatus.Running, Now - TransactionWatch.Silence + TimeSpan.FromSeconds(1)),
            Instance(OrchestrationRuntimeStatus.Running, Now.AddDays(-1), TransactionState.NeedsAttention),
            AtAnApproval(Now.AddDays(-1)),
            new OrchestrationMetadata("RebuildProjection", "rebuild-orders-2") { RuntimeStatus = OrchestrationRuntimeStatus.Failed },
        })
        {
            _instance = instance;
            Assert.Null(await FindAsync());
        }
    }

    private static OrchestrationMetadata Instance(
        OrchestrationRuntimeStatus status, DateTimeOffset updated, TransactionState state = TransactionState.Running, params string[] tokens)
    {
        var definition = Catalog.Newest("place-order")!.Definition;
        var steps = definition.Steps.Select(_ => new StepStatus(StepState.Waiting, 0, null, null, null)).ToList();
        return Instance(definition, status, updated, new TransactionStatus(state, null, Now.UtcDateTime, steps, 0, tokens));
    }

    private static OrchestrationMetadata Instance(Definition definition, OrchestrationRuntimeStatus status, DateTimeOffset updated, TransactionStatus stands) =>
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

    /// <summary>A trip that costs more than may be booked without asking: somebody has a day to decide.</summary>
    private static OrchestrationMetadata AtAnApproval(DateTimeOffset updated)
    {
        var definition = Catalog.Newest("book-trip")!.Definition;
        var steps = definition.Steps.Select(step => new StepStatus(step.Name == "approve" ? StepState.Running : StepState.Waiting, 0, null, null, null)).ToList();
        return Instance(definition, OrchestrationRuntimeStatus.Running, updated, new TransactionStatus(TransactionState.Running, null, Now.UtcDateTime, steps, 0, []));
    }

    /// <summary>The tracker hears of its start, and knows it as open since.</summary>
    private Task StartedAsync()
    {
        var header = new TransactionHeader("t-1", "place-order", 1, Coupling.Requests, JsonSerializer.SerializeToElement(Shop.Order(), StorageJson.Options), Now);
        return _progress.HearAsync(new TransactionFact(header, new Fact(FactKind.Started, ""), Now, []), CancellationToken.None);
    }

    private static string? Text(object value) => SimulatedOrchestrationContext.Converter.Serialize(value);

    private async Task<Finding?> FindAsync() => (await _watch.RunAsync(_engine.Object, CancellationToken.None)).SingleOrDefault();

    private async Task<WatchedTransaction> RaisedAsync(OrchestrationMetadata instance)
    {
        _instance = instance;
        Assert.NotNull(await FindAsync());
        return await WatchedAsync();
    }

    private async Task<WatchedTransaction> WatchedAsync() => (await _events.LoadAsync<WatchedTransaction>("t-1", likelyNew: false, CancellationToken.None)).State;

    private void Restarted(int times) => _engine.Verify(engine => engine.RestartAsync("t-1", false, It.IsAny<CancellationToken>()), Times.Exactly(times));

    private void Begun(Times times) => _engine.Verify(
        engine => engine.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()), times);

    private sealed class OnePage(OrchestrationMetadata? only) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Microsoft.DurableTask.Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.CompletedTask;
            yield return new Microsoft.DurableTask.Page<OrchestrationMetadata>(only is null ? [] : [only]);
        }
    }
}
