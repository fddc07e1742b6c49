using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>Limits that pass when all is over: nothing of what is shown moves, and nobody is asked again who was asked before.</summary>
public sealed class Facts_after_the_end
{
    private static readonly TimeSpan AllLimits = TimeSpan.FromHours(49);

    private static readonly Sample Dear = Sample.All["book-trip, dear and without a car"];

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_deadline_that_passes_after_a_refusal_moves_nothing(string coupling)
    {
        using var app = Dear.App();
        var id = app.Start(Dear.Definition, coupling, (BookTrip)Dear.Input with { Travellers = 50 });

        StaysAsItIs(app, id, TransactionState.Compensated);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void The_limits_that_pass_after_a_cancel_move_nothing_and_are_not_told(string coupling)
    {
        using var app = Dear.App();
        var id = app.Start(Dear.Definition, coupling, Dear.Input);
        Assert.Equal("approve", Transfers.After(app, id).Steps.Single(step => step.State == StepState.Running).Name);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann"), default));

        var told = StaysAsItIs(app, id, TransactionState.Compensated);

        Assert.DoesNotContain(told, point => point.StartsWith($"send events {id}:", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void The_limits_that_pass_after_the_pivot_move_nothing_and_are_not_told(string coupling)
    {
        using var app = Dear.App();
        var id = app.Start(Dear.Definition, coupling, Dear.Input);
        Sample.Drive(app, id);

        var told = StaysAsItIs(app, id, TransactionState.Completed);

        Assert.DoesNotContain(told, point => point.StartsWith($"send events {id}:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_was_cut_off_before_it_was_told_is_told_when_it_comes_again()
    {
        var faults = new FaultScript();
        using var app = Dear.App(faults: faults);
        var id = app.Start(Dear.Definition, Coupling.Events, Dear.Input);
        Transfers.After(app, id);
        faults.On($"send events {id}:approve:Failed", Fault.CrashBefore, times: 1);

        var ended = app.RunToEnd(id, TimeSpan.FromHours(25));

        Assert.Equal((TransactionState.Compensated, "approve: No decision within 1.00:00:00."), (ended.State, ended.Reason));
    }

    /// <summary>What happens after the end, at which everything is as it is still shown after all limits have passed.</summary>
    private static IEnumerable<string> StaysAsItIs(SimulatedApp app, string id, TransactionState state)
    {
        var ended = Transfers.After(app, id, minutes: 5);
        Assert.Equal(state, ended.State);
        var (facts, effects, trace) = (Facts(app, id), Effects(app), app.Scheduler.Trace.Count);

        app.Scheduler.RunFor(AllLimits);

        var later = app.Find(id);
        Assert.Equal((ended.State, ended.EndedAt, ended.Reason), (later.State, later.EndedAt, later.Reason));
        Assert.Equal(ended.Steps, later.Steps);
        Assert.Equal(facts, Facts(app, id));
        Assert.Equal(effects, Effects(app));
        return app.Scheduler.Trace.Skip(trace);
    }

    private static List<string> Facts(SimulatedApp app, string id)
    {
        var found = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!;
        var timeline = app.Scheduler.Run(() => app.Get<TimelineReader>().ReadAsync(found, CancellationToken.None));
        return [.. timeline.Entries.Where(entry => entry.Kind == TimelineKind.Fact).Select(entry => $"{entry.At:O} {entry.What} {entry.Step} {entry.Reason}")];
    }

    private static int Effects(SimulatedApp app) => app.Store.Ledger.Count(entry => entry.Events.Count > 0 || entry.To == RecordState.Done);
}
