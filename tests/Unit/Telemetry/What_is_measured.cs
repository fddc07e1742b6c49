using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Unit.Telemetry;

/// <summary>Starts, ends, durations, attempts and what is parked, of a definition that no other test runs.</summary>
public sealed class What_is_measured : IDisposable
{
    private const string Name = "measured-transfer";

    private static readonly Definition Transfer = new DefinitionBuilder<TransferMoney>(Name, version: 1)
        .Pivot("deposit", "accounts", t => new DepositMoney(t.To, t.Amount))
        .ForwardOnly("send-receipt", "accounts", t => new SendReceipt(t.From, t.To, t.Amount))
        .Build();

    private readonly ConcurrentQueue<(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    public What_is_measured()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Atomic.Functions") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray()))));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray()))));
        _listener.Start();
    }

    public static TheoryData<string> Couplings => [.. Coupling.All];

    public void Dispose() => _listener.Dispose();

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Of_a_transaction_that_is_parked_and_then_completes(string coupling)
    {
        var faults = new FaultScript();
        IEnumerable<TransactionType> types = [.. ShippedDefinitions.All, TransactionType.Of<TransferMoney>(Transfer, input => input.Problems())];
        using var app = new SimulatedApp(faults: faults, register: services => services.AddSingleton(types));
        foreach (var account in new[] { "a", "b" })
            app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(100, "EUR"), new Money(50, "EUR")));
        var id = app.Begin(Name, coupling, new TransferMoney(new AccountId("a"), new AccountId("b"), new Money(30, "EUR")));
        faults.On($"{id}:send-receipt None>Done", Fault.Before, times: 5);

        app.Scheduler.RunFor(TimeSpan.FromHours(1));

        Assert.Equal(1, Sum("atomic.transaction.starts", coupling));
        Assert.Equal(1, Sum("atomic.transaction.parked", coupling));
        var end = Assert.Single(Of("atomic.transaction.ends", coupling));
        Assert.Equal($"{TransactionState.Completed}", end.Tags["state"]);
        Assert.InRange(Assert.Single(Of("atomic.transaction.duration", coupling)).Value, 60, 120);
    }

    [Fact]
    public void Of_each_try_of_a_command()
    {
        Of_a_transaction_that_is_parked_and_then_completes(Coupling.Requests);

        var tries = _measured.Where(one => one.Instrument == "atomic.command.attempts" && one.Tags["command"]!.Equals("SendReceipt")).ToList();
        Assert.True(tries.Count(one => one.Tags["outcome"]!.Equals("unknown")) >= 5);
        Assert.Contains(tries, one => one.Tags["outcome"]!.Equals("accepted"));
        Assert.Contains(_measured, one => one.Instrument == "atomic.command.storage_requests" && one.Tags["command"]!.Equals("DepositMoney"));
    }

    private double Sum(string instrument, string coupling) => Of(instrument, coupling).Sum(one => one.Value);

    private IEnumerable<(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)> Of(string instrument, string coupling) =>
        _measured.Where(one => one.Instrument == instrument && Equals(one.Tags["definition"], Name) && Equals(one.Tags["coordination"], coupling));
}
