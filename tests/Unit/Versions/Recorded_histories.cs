using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Watch;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Versions;

/// <summary>
/// A running orchestration is carried on by new code, which must call for the same in the same order. Histories of every shipped version,
/// recorded once, are replayed on the orchestrator as it is now.
/// </summary>
public sealed class Recorded_histories
{
    private const string Completes = "completes";
    private const string Reverts = "reverts";
    private const string Parks = "parks";

    // What a person or the clock asks for, in every way that an orchestrator goes then; one definition is enough.
    private const string IsCancelled = "cancelled";
    private const string IsLate = "late";
    private const string IsNotDecided = "undecided";
    private const string Settles = "settles";
    private const string IsResolved = "resolved";
    private const string IsCorrected = "corrected";

    // Of the run that follows one that failed.
    private const string IsBegunAgain = "again";
    private const string IsCancelledBetween = "again-cancelled";

    private static readonly string[] Ways =
        [IsCancelled, IsLate, IsNotDecided, Settles, IsResolved, IsCorrected, IsBegunAgain, IsCancelledBetween];

    private static readonly JsonSerializerOptions Written = new(StorageJson.Options) { WriteIndented = true };

    public static TheoryData<string> Runs => new(Cases().Concat(OfWays()).Select(NameOf));

    [Theory]
    [MemberData(nameof(Runs))]
    public void Are_replayed_to_the_same_calls(string name)
    {
        var kept = Kept.Read("Histories", $"{name}.json", () => Record(name));
        Assert.True(kept is not null, $"{name} is not kept yet: run this test once with ATOMIC_KEEP=1.");
        var history = JsonSerializer.Deserialize<OrchestrationHistory>(kept, StorageJson.Options)!;

        var context = Replay(history);

        Assert.Equal(history.Calls.Select(Describe), context.Calls.Select(Describe));
    }

    [Fact]
    public void Are_there_for_every_shipped_version() => Assert.Empty(
        ShippedDefinitions.All.Select(type => Shipped_definitions.NameOf(type.Definition))
            .Except(Cases().Select(one => Shipped_definitions.NameOf(one.Sample.Effective))));

    [Fact]
    public void Are_told_from_those_of_an_orchestrator_that_calls_otherwise()
    {
        var sample = Sample.All["transfer-money"];
        var history = JsonSerializer.Deserialize<OrchestrationHistory>(Record(NameOf((sample, Coupling.Requests, Completes))), StorageJson.Options)!;
        var other = history with { Input = history.Input.Replace(Coupling.Requests, Coupling.Commands, StringComparison.Ordinal) };

        // By its calls; or it cannot even read what answers them.
        Assert.ThrowsAny<Exception>(() => Assert.Equal(history.Calls.Select(Describe), Replay(other).Calls.Select(Describe)));
    }

    private static SimulatedOrchestrationContext Replay(OrchestrationHistory history)
    {
        using var app = new SimulatedApp();
        var context = new SimulatedOrchestrationContext(history.Orchestrator, history.Instance, history.Input);
        Task? running = null;
        foreach (var e in history.Events)
        {
            context.Apply(e);
            running ??= app.Functions.OrchestrateAsync(history.Orchestrator, context);
        }

        if (running is { IsFaulted: true }) throw running.Exception!;
        return context;
    }

    private static string Record(string name)
    {
        var (sample, coupling, what) = Cases().Concat(OfWays()).Single(one => NameOf(one) == name);
        var faults = new FaultScript();
        using var app = sample.App(faults: faults);
        var id = app.Begin(sample.Definition, coupling, sample.Input);
        var last = sample.Effective.Steps[^1].Name;
        var first = sample.Effective.Steps[0].Name;
        if (what == IsLate) faults.On($"{id}:{first} None>Done", Fault.Before);
        if (what == Settles) faults.On($"{id}:{first} None>", Fault.Before);
        if (what is IsResolved or IsCorrected) faults.On($"{id}:{last} None>Done", Fault.Before);
        if (what == Reverts) faults.On($"{id}:{sample.Effective.Pivot} None>Done", Fault.Before);
        if (what is Parks or IsBegunAgain) faults.On($"{id}:{last} None>Done", Fault.Before);
        if (what is IsCancelled or IsNotDecided or IsCancelledBetween) app.Scheduler.RunFor(TimeSpan.FromMinutes(10));
        if (what == IsCancelledBetween) app.Engine.Fail(id);
        if (what is IsCancelled or IsCancelledBetween) app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));
        if (what == IsLate) app.Scheduler.RunFor(TimeSpan.FromMinutes(1), () => faults.Struck > 0);
        if (what == IsLate) app.Scheduler.StandStill(sample.Effective.Deadline!.Value);
        if (what == IsNotDecided) app.Scheduler.RunFor(TimeSpan.FromHours(49));
        Sample.Drive(app, id);
        if (what is Settles or IsResolved or IsCorrected)
        {
            Assert.Equal(TransactionState.NeedsAttention, app.Find(id).State);
            faults.Clear();
            if (what == IsResolved) app.Control((control, client) => control.ResolveAsync(client, id, last, new Resolution("ann", "asked", "done"), default));
            if (what == IsCorrected) app.Control((control, client) => control.RetryAsync(client, id, last, new RetryAsked("ann", Input: Json(sample.Input)), default));
            Sample.Drive(app, id);
        }

        if (what == Parks)
        {
            faults.Clear();
            app.Control((control, client) => control.RetryAsync(client, id, last, new RetryAsked("ann"), default));
            Sample.Drive(app, id);
        }

        if (what is IsBegunAgain or IsCancelledBetween)
        {
            faults.Clear();
            if (what == IsBegunAgain) app.Engine.Fail(id);
            Assert.Single(app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None)));
            Sample.Drive(app, id);
            Assert.Equal(what == IsBegunAgain ? TransactionState.Completed : TransactionState.Compensated, app.Find(id).State);
        }

        return JsonSerializer.Serialize(app.Engine[id].History, Written);
    }

    private static IEnumerable<(Sample Sample, string Coupling, string What)> Cases() =>
        from sample in Sample.All.Values
        from coupling in new[] { Coupling.Requests, Coupling.Commands }
        from what in new[] { Completes, Reverts, Parks }
        select (sample, coupling, what);

    private static IEnumerable<(Sample Sample, string Coupling, string What)> OfWays() =>
        from coupling in new[] { Coupling.Requests, Coupling.Commands }
        from what in Ways
        select (Sample.All["book-trip, dear and without a car"], coupling, what);

    private static JsonElement Json(object input) => JsonSerializer.SerializeToElement(input, input.GetType(), StorageJson.Options);

    private static string NameOf((Sample Sample, string Coupling, string What) one) =>
        $"{Shipped_definitions.NameOf(one.Sample.Effective)}-{(one.Sample.Name == one.Sample.Definition ? "" : "dear-")}{one.Coupling}-{one.What}";

    // The data of a call may have new fields; what is called for, and when, may not change.
    private static string Describe(HistoryCall call) => $"{call.Number} {call.Kind} {call.Name}";
}
