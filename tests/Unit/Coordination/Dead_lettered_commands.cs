using Atomic.Functions.Bus;
using Atomic.Functions.Control;
using Atomic.Functions.DeadLetters;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>
/// Commands about a transaction that were parked after they had been recorded, and before anybody heard of it: nobody knew whose they were,
/// and they counted as published.
/// </summary>
public sealed class Dead_lettered_commands
{
    private static readonly BusEntity Queue = new("transactions-commands", null);

    // What is parked is tried again by itself as well, after minutes.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly FaultScript _faults = new();

    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Fact]
    public void A_start_is_stated_and_the_transaction_runs()
    {
        using var app = Shop.Open(faults: _faults);
        _faults.On("::Started", Fault.Before);
        var id = app.Start("place-order", Coupling.Events, Shop.Order());
        app.Scheduler.RunFor(TimeSpan.FromHours(1));
        _faults.Clear();
        Assert.NotNull(app.Store.StateOf<TransactionLog>(id).Header);
        Assert.Equal(0, Shop.Used(app));

        Publish(app, nameof(StartTransaction));

        Assert.Equal(TransactionState.Completed, app.RunToEnd(id).State);
    }

    [Fact]
    public void A_start_that_was_never_recorded_is_not_carried_out()
    {
        using var app = Shop.Open(faults: _faults);
        _faults.On("append transactionsTransaction", Fault.Before);
        Assert.Throws<SimulatedException>(() => app.Start("place-order", Coupling.Events, Shop.Order()));
        app.Scheduler.RunFor(TimeSpan.FromHours(1));
        _faults.Clear();

        Publish(app, nameof(StartTransaction));
        app.Scheduler.RunFor(TimeSpan.FromHours(1));

        Assert.Null(app.Store.StateOf<TransactionLog>(Letter(app, nameof(StartTransaction)).CorrelationId!).Header);
        Assert.Equal(0, Shop.Used(app));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_retry_that_was_recorded_is_made_and_made_once(string coupling)
    {
        using var app = Shop.Open(faults: _faults);
        var id = app.Start("place-order", coupling, Shop.Order());
        _faults.On($"{id}:confirm-order None>Done", Fault.Before);
        app.Scheduler.RunFor(TimeSpan.FromHours(1));
        _faults.Clear();
        _faults.On("send events transactionsTransaction", Fault.Before);
        app.Control((control, client) => control.RetryAsync(client, id, "confirm-order", new RetryAsked("kim"), CancellationToken.None));
        app.Scheduler.RunFor(Soon);
        _faults.Clear();
        Assert.Equal(TransactionState.NeedsAttention, app.Find(id).State);

        Publish(app, nameof(RetryStep));
        app.Scheduler.RunFor(Soon);
        Assert.Equal(TransactionState.Completed, app.Find(id).State);
        var trace = app.Scheduler.Trace.Count;
        Publish(app, nameof(RetryStep));

        app.Scheduler.RunFor(Soon);
        Assert.DoesNotContain(app.Scheduler.Trace.Skip(trace), point => point.StartsWith("send ordering-commands ", StringComparison.Ordinal) || point.StartsWith("raise ", StringComparison.Ordinal));
    }

    private static ServiceBusReceivedMessage Letter(SimulatedApp app, string command) => app.Bus.Lying
        .Single(lying => lying.Path == $"{Queue}/$DeadLetterQueue" && lying.Message.Subject == command).Message;

    private static void Publish(SimulatedApp app, string command) => app.Scheduler.Run(async () =>
    {
        await app.Get<DeadLetterDesk>().PublishCommittedAsync(Queue, Letter(app, command), app.Engine, CancellationToken.None);
        return true;
    });
}
