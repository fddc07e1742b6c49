using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>
/// Each shipped definition, with each of its steps going wrong in each way: it ends as the rule says, and in all three couplings alike.
/// Each is run in the order in which things become possible, and in some orders by chance.
/// </summary>
public sealed class Every_definition_in_every_coupling
{
    private static readonly int?[] Orders = [null, 1, 2];

    private static readonly TimeSpan Deadline = TimeSpan.FromHours(48);

    public static TheoryData<string> Samples => [.. Sample.All.Keys];

    public static TheoryData<string, string> Compensatables => Steps(StepKind.Compensatable, StepKind.Pivot);

    /// <summary>Those that no person carries out.</summary>
    public static TheoryData<string, string> Carried => Steps(step => step.DecisionLimit is null, StepKind.Compensatable, StepKind.Pivot);

    public static TheoryData<string, string> Undoables => Steps(StepKind.Compensatable);

    public static TheoryData<string, string> ForwardOnlies => Steps(StepKind.ForwardOnly);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Completes(string name) => Alike(name, (_, app, id) => Sample.Drive(app, id), TransactionState.Completed);

    [Theory]
    [MemberData(nameof(Compensatables))]
    public void Is_reverted_when_a_step_is_refused(string name, string step) => Alike(name, (sample, app, id) =>
    {
        if (sample.Effective[step].DecisionLimit is not null) return Sample.Drive(app, id, approves: false);
        Refuse(sample, app, id, step);
        return Sample.Drive(app, id);
    }, TransactionState.Compensated);

    [Theory]
    [MemberData(nameof(Compensatables))]
    public void Is_reverted_when_a_step_never_works(string name, string step) => Alike(name, (sample, app, id) =>
    {
        if (sample.Effective[step].DecisionLimit is not null) return app.RunToEnd(id, TimeSpan.FromHours(25));
        Script(app).On($"{id}:{step} None>Done", Fault.Before);
        return Sample.Drive(app, id);
    }, TransactionState.Compensated);

    [Theory]
    [MemberData(nameof(Compensatables))]
    [MemberData(nameof(ForwardOnlies))]
    public void Completes_when_a_step_works_and_its_reply_is_lost(string name, string step) => Alike(name, (_, app, id) =>
    {
        Script(app).On($"{id}:{step} None>Done", Fault.After, times: 1);
        return Sample.Drive(app, id);
    }, TransactionState.Completed);

    [Theory]
    [MemberData(nameof(ForwardOnlies))]
    public void Is_parked_when_a_step_behind_the_pivot_never_works_and_goes_on_when_it_does(string name, string step) => Alike(name, (_, app, id) =>
    {
        Script(app).On($"{id}:{step} None>Done", Fault.Before);
        var parked = Sample.Drive(app, id);
        Assert.Equal((TransactionState.NeedsAttention, StepState.Parked), (parked.State, parked.Steps.Single(one => one.Name == step).State));
        Assert.Contains("Simulated", parked.Reason, StringComparison.Ordinal);

        Script(app).Clear();
        app.Control((control, client) => control.RetryAsync(client, id, step, new RetryAsked("ann"), default));
        return Sample.Drive(app, id);
    }, TransactionState.Completed);

    [Theory]
    [MemberData(nameof(Undoables))]
    public void Is_parked_when_an_undo_never_works_and_goes_on_when_it_does(string name, string step) => Alike(name, (sample, app, id) =>
    {
        if (sample.Effective[step].NothingToUndo) return Is_reverted_at_its_pivot(sample, app, id);
        Script(app).On($"{id}:{step} Done>Undone", Fault.Before);
        var parked = Is_reverted_at_its_pivot(sample, app, id);
        Assert.Equal((TransactionState.NeedsAttention, StepState.Parked), (parked.State, parked.Steps.Single(one => one.Name == step).State));

        Script(app).Clear();
        app.Control((control, client) => control.RetryAsync(client, id, step, new RetryAsked("ann"), default));
        return Sample.Drive(app, id);
    }, TransactionState.Compensated);

    [Theory]
    [MemberData(nameof(Compensatables))]
    public void Is_reverted_when_it_is_cancelled_at_a_step(string name, string step) => Alike(name, (sample, app, id) =>
    {
        Reach(sample, app, id, step);
        app.Control((control, client) => control.CancelAsync(client, id, new Asked("ann", "no more"), default));
        return Sample.Drive(app, id);
    }, TransactionState.Compensated);

    [Theory]
    [MemberData(nameof(Carried))]
    public void Is_reverted_when_its_deadline_passes_at_a_step(string name, string step) => Alike(name, (sample, app, id) =>
    {
        Reach(sample, app, id, step);
        app.Scheduler.StandStill(Deadline);
        return Sample.Drive(app, id);
    }, TransactionState.Compensated, Deadline);

    /// <summary>Until the step is tried for the first time, and does not work; or until somebody is to decide.</summary>
    private static void Reach(Sample sample, SimulatedApp app, string id, string step)
    {
        Script(app).On($"{id}:{step} None>Done", Fault.Before);
        app.Scheduler.RunFor(TimeSpan.FromMinutes(10), () => Script(app).Struck > 0);
        if (Script(app).Struck > 0 || sample.Effective[step].DecisionLimit is not null) return;
        var waiting = app.Find(id).Steps.Single(one => one.State == StepState.Running);
        app.Control((control, client) => control.DecideAsync(client, id, waiting.Name, new Decision(true, "ann"), default));
        app.Scheduler.RunFor(TimeSpan.FromMinutes(10), () => Script(app).Struck > 0);
        Assert.Equal(1, Script(app).Struck);
    }

    private static TransactionView Is_reverted_at_its_pivot(Sample sample, SimulatedApp app, string id)
    {
        Refuse(sample, app, id, sample.Effective.Pivot);
        return Sample.Drive(app, id);
    }

    /// <summary>An earlier delivery was refused, and died before it could say so; so every fact is delivered twice.</summary>
    private static void Refuse(Sample sample, SimulatedApp app, string id, string step)
    {
        app.Store.Refuse(Streams.Of(sample, step), $"{id}:{step}", "The business says no.");
        Script(app).On("deliver events/", Fault.Twice);
    }

    private static FaultScript Script(SimulatedApp app) => (FaultScript)app.Faults;

    private static void Alike(
        string name, Func<Sample, SimulatedApp, string, TransactionView> run, TransactionState expected, TimeSpan? deadline = null)
    {
        var sample = Sample.All[name];
        foreach (var order in Orders)
        {
            var ended = Coupling.All.Select(coupling =>
            {
                using var app = sample.App(order is null ? null : Scheduler.Seeded(order.Value), deadline: deadline);
                var found = run(sample, app, Started(app, sample, coupling));
                Assert.Empty(app.Bus.Lying);
                return Ended.Of(app, found, sample.Effective);
            }).ToList();

            Assert.All(ended, one => Assert.Equal(ended[0], one));
            Assert.Equal(expected, ended[0].State);
        }
    }

    /// <summary>Started, with nothing done yet.</summary>
    private static string Started(SimulatedApp app, Sample sample, string coupling) => app.Begin(sample.Definition, coupling, sample.Input);

    private static TheoryData<string, string> Steps(params StepKind[] kinds) => Steps(_ => true, kinds);

    private static TheoryData<string, string> Steps(Func<StepDefinition, bool> which, params StepKind[] kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (var sample in Sample.All.Values)
        {
            foreach (var step in sample.Effective.Steps.Where(step => kinds.Contains(sample.Effective.KindOf(step.Name))).Where(which)) data.Add(sample.Name, step.Name);
        }

        return data;
    }
}
