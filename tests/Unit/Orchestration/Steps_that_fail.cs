using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Testing.DurableTask;
using Atomic.Transactions;
using Atomic.Unit.DurableTask;
using Atomic.Verification.Simulation;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Atomic.Unit.Orchestration;

/// <summary>The real orchestrator on the embedded engine, with virtual time and activities that answer, refuse or throw.</summary>
public sealed class Steps_that_fail
{
    private const string Id = "t-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What a step is asked besides its do and its undo has its act before the command.
    private readonly List<string> _calls = [];
    private readonly Dictionary<string, int> _failing = [];
    private Func<Task> _meanwhile = () => Task.CompletedTask;

    [Fact]
    public async Task An_unknown_outcome_is_tried_again_and_then_undone_before_it_counts_as_failed()
    {
        _failing["BookShipment"] = int.MaxValue;
        await using var backend = await StartAsync();

        var status = await UntilAsync(backend, TransactionState.Compensated);

        Assert.Equal(5, CallsOf("BookShipment"));
        Assert.Equal(["Refuse BookShipment", "ReleaseStock", "CancelOrder"], _calls.SkipWhile(call => call != "Refuse BookShipment"));
        Assert.Equal(StepState.Skipped, StepOf(status, "capture-payment").State);
    }

    [Fact]
    public async Task A_refusal_is_neither_tried_again_nor_undone_itself()
    {
        await using var backend = await StartAsync(refused: "BookShipment");

        await UntilAsync(backend, TransactionState.Compensated);

        Assert.Equal(["CreateOrder", "ReserveStock", "BookShipment", "ReleaseStock", "CancelOrder"], _calls);
    }

    [Fact]
    public async Task An_undo_that_fails_is_parked_is_tried_once_a_minute_and_completes_once_its_cause_is_gone()
    {
        _failing["ReleaseStock"] = 7;
        await using var backend = await StartAsync(refused: "BookShipment");

        var parked = await UntilAsync(backend, TransactionState.NeedsAttention);
        Assert.Equal(StepState.Parked, StepOf(parked, "reserve-stock").State);
        Assert.Contains("reserve-stock", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(5, CallsOf("ReleaseStock"));
        var since = backend.Time.GetUtcNow();
        await UntilAsync(backend, TransactionState.Compensated);

        Assert.Equal(8, CallsOf("ReleaseStock"));
        Assert.Equal(3, (backend.Time.GetUtcNow() - since).TotalMinutes, 0.01);
    }

    [Fact]
    public async Task An_order_that_comes_while_a_parked_step_is_tried_is_carried_out_after_the_try()
    {
        _failing["ReleaseStock"] = 6;
        await using var backend = await StartAsync(refused: "BookShipment");
        await UntilAsync(backend, TransactionState.NeedsAttention);
        var since = backend.Time.GetUtcNow();

        // The sixth call is the first automatic try, a minute later.
        _meanwhile = () => CallsOf("ReleaseStock") == 6
            ? backend.Client.RaiseEventAsync(Id, Signals.OrderEvent, new TransactionOrder(OrderKind.Retry, "reserve-stock", "Retried by Ada."))
            : Task.CompletedTask;
        await UntilAsync(backend, TransactionState.Compensated);

        Assert.Equal(7, CallsOf("ReleaseStock"));
        Assert.Equal(1, (backend.Time.GetUtcNow() - since).TotalMinutes, 0.01);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_passed_over()
    {
        _failing["ReleaseStock"] = 5;
        await using var backend = await StartAsync(refused: "BookShipment");
        await UntilAsync(backend, TransactionState.NeedsAttention);

        await backend.Client.RaiseEventAsync(Id, Signals.OrderEvent, new { Kind = "Retry" });

        await UntilAsync(backend, TransactionState.Compensated);
    }

    [Fact]
    public async Task An_event_after_the_end_is_passed_over_and_one_before_it_is_not()
    {
        _failing["ReleaseStock"] = 5;
        await using var backend = await StartAsync(refused: "BookShipment");
        await UntilAsync(backend, TransactionState.NeedsAttention);
        var retry = new TransactionOrder(OrderKind.Retry, "reserve-stock", "Retried by Ada.");

        await backend.Client.RaiseUnlessEndedAsync(Id, Signals.OrderEvent, retry, NullLogger.Instance, default);
        await backend.IdleAsync();
        Assert.Equal(6, CallsOf("ReleaseStock"));
        await UntilAsync(backend, TransactionState.Compensated);

        await backend.Client.RaiseUnlessEndedAsync(Id, Signals.OrderEvent, retry, NullLogger.Instance, default);
        await Assert.ThrowsAnyAsync<Exception>(() => backend.Client.RaiseEventAsync(Id, Signals.OrderEvent, retry));
    }

    private async Task<EmbeddedBackend> StartAsync(string? refused = null)
    {
        using var app = new SimulatedApp();
        var orchestrator = new TransactionOrchestrator(app.Get<TransactionCatalog>());
        var tasks = new DurableTasks().Orchestrator(
            nameof(TransactionOrchestrator.RunTransaction), async context => await orchestrator.RunTransaction(context))
            .Activity(nameof(RecordTransactionFunction.RecordTransaction), _ => true);
        var acts = PlaceOrder.Definition.Steps.SelectMany(step => new[] { step.Command, step.Compensation }).OfType<string>();
        foreach (var act in acts)
        {
            tasks.Activity(act, async call =>
            {
                _calls.Add(act);
                await _meanwhile();
                return AnswerTo(act, call.Deserialize<StepCall<JsonElement>>(StorageJson.Options)!.Try.Act, act != refused);
            });
        }

        var backend = await EmbeddedBackend.StartAsync(tasks);
        var input = JsonSerializer.SerializeToElement(new
        {
            orderId = "o-1",
            customerId = "c-1",
            lines = new[] { new { sku = "tea", quantity = 1, unitPrice = new { amount = 10, currency = "EUR" } } },
            card = "4111",
            address = new { name = "Ada", street = "Way 1", city = "Town", postalCode = "1", country = "DE" },
        });
        await backend.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(TransactionOrchestrator.RunTransaction), new TransactionStart("place-order", 1, "requests", "f", input), new StartOrchestrationOptions(Id));
        return backend;
    }

    private Answer AnswerTo(string command, Act act, bool accepted)
    {
        if (act == Act.Refuse)
        {
            _calls[^1] = $"{act} {command}";
            return new Answer(false, "It was reverted before it came.", TooLate: true, []);
        }

        if (_failing.GetValueOrDefault(command) is not (var left and > 0)) return new Answer(accepted, accepted ? null : "No.", false, []);
        _failing[command] = left - 1;
        throw new TimeoutException("The reply was lost.");
    }

    private int CallsOf(string act) => _calls.Count(call => call == act);

    private static StepStatus StepOf(TransactionStatus status, string step) =>
        status.Steps[PlaceOrder.Definition.Steps.Select(one => one.Name).ToList().IndexOf(step)];

    private static async Task<TransactionStatus> UntilAsync(EmbeddedBackend backend, TransactionState state)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            await backend.IdleAsync();
            var instance = await backend.Client.GetInstanceAsync(Id, getInputsAndOutputs: true, limit.Token);
            if (instance!.ReadCustomStatusAs<TransactionStatus>() is { } status && status.State == state) return status;
            await backend.ToNextTimerAsync();
        }
    }
}
