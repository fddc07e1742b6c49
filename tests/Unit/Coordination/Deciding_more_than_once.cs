using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>The first decision counts, whoever makes another is told so, and whoever makes the same again does no harm.</summary>
public sealed class Deciding_more_than_once
{
    private const string Approve = "approve";
    private const string Key = "trip-17";

    private static readonly Sample Dear = Sample.All["book-trip, dear and without a car"];

    private readonly FaultScript _faults = new();

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Of_two_at_once_the_second_is_told_who_was_first(string coupling)
    {
        using var app = Dear.App();
        var id = Waiting(app, coupling);

        var told = app.Control(async (control, client) =>
        {
            var both = new[] { Decide(control, client, id, "ann", approves: true), Decide(control, client, id, "bob", approves: false) };
            return await Task.WhenAll(both.Select(async one => await Record.ExceptionAsync(() => one)));
        });

        var refused = Assert.IsType<ProblemException>(Assert.Single(told, one => one is not null));
        var first = Assert.Single(Given(app, id)).By;
        Assert.Equal(409, refused.Status);
        Assert.EndsWith($"{first} was first.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(first == "ann" ? TransactionState.Completed : TransactionState.Compensated, Transfers.After(app, id, minutes: 10).State);
        var timeline = Timeline(app, id);
        Assert.Equal((Approve, first), Assert.Single(timeline, entry => entry.Kind == TimelineKind.Order) is var order ? (order.Step, order.By) : default);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void The_same_again_is_taken_and_changes_nothing(string coupling)
    {
        using var app = Dear.App();
        var id = Waiting(app, coupling);

        for (var time = 0; time < 3; time++)
        {
            app.Control((control, client) => Decide(control, client, id, "ann", approves: true));
            if (time == 1) Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        }

        Assert.Single(Given(app, id));
        Assert.Single(app.Store.Ledger, entry => entry.Key == $"{id}:{Approve}");
        Assert.Empty(app.Bus.Lying);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void One_whose_reply_was_lost_is_heard_when_it_is_made_again(string coupling)
    {
        using var app = Dear.App(faults: _faults);
        var id = Unheard(app, coupling);
        Assert.Equal(1, _faults.Struck);

        // Even who decides otherwise sees to it that the first decision is heard.
        var told = Assert.Throws<ProblemException>(() => app.Control((control, client) => Decide(control, client, id, "bob", approves: false)));

        Assert.Equal(409, told.Status);
        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void One_that_was_cut_off_before_it_was_sent_is_sent_when_it_is_made_again(string coupling)
    {
        using var app = Dear.App(faults: _faults);
        var id = Waiting(app, coupling);
        _faults.On("send approvals-commands", Fault.Before, times: 1);
        Assert.Throws<SimulatedException>(() => app.Control((control, client) => Decide(control, client, id, "ann", approves: true)));
        Assert.Equal(StepState.Running, StateOf(Transfers.After(app, id)));

        app.Control((control, client) => Decide(control, client, id, "ann", approves: true));

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void One_that_a_run_has_not_heard_before_it_failed_is_told_to_the_run_that_follows(string coupling)
    {
        using var app = Dear.App(faults: _faults);
        var id = Unheard(app, coupling);

        app.Engine.Fail(id);
        app.Scheduler.Run(() => app.Get<TransactionWatch>().RunAsync(app.Engine, CancellationToken.None));

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Single(Given(app, id));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public void One_that_a_run_has_not_heard_before_it_was_lost_is_told_to_the_run_that_its_key_begins(string coupling)
    {
        using var app = Dear.App(faults: _faults);
        var id = Unheard(app, coupling);

        app.Engine.Lose(id);
        Assert.Equal(id, app.Start(Dear.Definition, coupling, Dear.Input, Key));

        Assert.Equal(TransactionState.Completed, Transfers.After(app, id, minutes: 10).State);
        Assert.Single(Given(app, id));
    }

    /// <summary>One that was approved, and whose approval does not arrive.</summary>
    private string Unheard(SimulatedApp app, string coupling)
    {
        var id = Waiting(app, coupling);
        _faults.On($"queue transaction-replies {id}:{Approve}", Fault.Lost, times: 1);
        app.Control((control, client) => Decide(control, client, id, "ann", approves: true));
        Assert.Equal(StepState.Running, StateOf(Transfers.After(app, id)));
        return id;
    }

    private static string Waiting(SimulatedApp app, string coupling)
    {
        var id = app.Start(Dear.Definition, coupling, Dear.Input, Key);
        Assert.Equal(StepState.Running, StateOf(Transfers.After(app, id)));
        return id;
    }

    private static StepState StateOf(TransactionView found) => found.Steps.Single(step => step.Name == Approve).State;

    private static Task<TransactionView> Decide(TransactionControl control, Microsoft.DurableTask.Client.DurableTaskClient client, string id, string by, bool approves) =>
        control.DecideAsync(client, id, Approve, new Decision(approves, by), default);

    private static IEnumerable<AnswerGiven> Given(SimulatedApp app, string id) =>
        app.Store.Ledger.Where(entry => entry.Stream == new StreamId(TransactionLog.Category, id)).SelectMany(entry => entry.Events).OfType<AnswerGiven>();

    private static IReadOnlyList<TimelineEntry> Timeline(SimulatedApp app, string id)
    {
        var found = app.Scheduler.Run(() => app.Get<TransactionReader>().FindTrackedAsync(app.Engine, id, fresh: true, CancellationToken.None))!;
        return app.Scheduler.Run(() => app.Get<TimelineReader>().ReadAsync(found, CancellationToken.None)).Entries;
    }
}
