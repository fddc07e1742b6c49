using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Unit.Telemetry;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.Watch;

/// <summary>The alert on parked steps looks two days back. What is parked for longer must not fall out of its sight.</summary>
public sealed class Parked_steps
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly FaultScript _faults = new();
    private readonly KeptLog<ParkedSteps> _log = new();

    public static TheoryData<string> Couplings => new(Coupling.All);

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Are_said_again_each_day_for_as_long_as_they_last(string coupling)
    {
        using var app = Shop.Open(faults: _faults);
        var id = app.Start("place-order", coupling, Shop.Order());
        _faults.On($"{id}:confirm-order None>Done", Fault.Before);
        app.Scheduler.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(TransactionState.NeedsAttention, app.Find(id).State);
        var parked = new ParkedSteps(app.Get<TransactionSearch>(), _time, _log);

        Watch(app, parked);
        Watch(app, parked);
        Assert.StartsWith($"StepParked Transaction {id}: step confirm-order is parked: ", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(1));
        Watch(app, parked);
        Assert.Equal(2, _log.Lines.Count);

        _faults.Clear();
        app.Scheduler.RunFor(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromDays(1));
        Watch(app, parked);
        Assert.Equal(2, _log.Lines.Count);
    }

    private static void Watch(SimulatedApp app, ParkedSteps parked) => app.Scheduler.Run(async () =>
    {
        await parked.SayAgainAsync(app.Engine, CancellationToken.None);
        return true;
    });
}
