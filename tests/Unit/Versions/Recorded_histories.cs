using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
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

    private static readonly JsonSerializerOptions Written = new(StorageJson.Options) { WriteIndented = true };

    public static TheoryData<string> Runs => new(Cases().Select(NameOf));

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
        var (sample, coupling, what) = Cases().Single(one => NameOf(one) == name);
        var faults = new FaultScript();
        using var app = sample.App(faults: faults);
        var id = app.Begin(sample.Definition, coupling, sample.Input);
        var last = sample.Effective.Steps[^1].Name;
        if (what == Reverts) faults.On($"{id}:{sample.Effective.Pivot} None>Done", Fault.Before);
        if (what == Parks) faults.On($"{id}:{last} None>Done", Fault.Before);
        Sample.Drive(app, id);
        if (what == Parks)
        {
            faults.Clear();
            app.Control((control, client) => control.RetryAsync(client, id, last, new RetryAsked("ann"), default));
            Sample.Drive(app, id);
        }

        return JsonSerializer.Serialize(app.Engine[id].History, Written);
    }

    private static IEnumerable<(Sample Sample, string Coupling, string What)> Cases() =>
        from sample in Sample.All.Values
        from coupling in new[] { Coupling.Requests, Coupling.Commands }
        from what in new[] { Completes, Reverts, Parks }
        select (sample, coupling, what);

    private static string NameOf((Sample Sample, string Coupling, string What) one) =>
        $"{Shipped_definitions.NameOf(one.Sample.Effective)}-{(one.Sample.Name == one.Sample.Definition ? "" : "dear-")}{one.Coupling}-{one.What}";

    // The data of a call may have new fields; what is called for, and when, may not change.
    private static string Describe(HistoryCall call) => $"{call.Number} {call.Kind} {call.Name}";
}
