using Atomic.Functions.Costs;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Unit.Coordination;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Costs;

/// <summary>
/// What transactions tell to have used is what their definitions say, in every coupling: each shipped definition, to its end and refused by
/// the business. The store in memory counts no requests, so these are compared over real storage elsewhere.
/// </summary>
public sealed class Measured_costs
{
    public static TheoryData<string, string, string?> Runs
    {
        get
        {
            var runs = new TheoryData<string, string, string?>();
            foreach (var coupling in Coupling.All)
            {
                foreach (var sample in Sample.All.Keys) runs.Add(sample, coupling, null);
                runs.Add("place-order", coupling, "reserve-stock");
                runs.Add("place-order", coupling, "authorize-payment");
                runs.Add("place-order", coupling, "book-shipment");
                runs.Add("book-trip, dear and without a car", coupling, "approve");
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Are_as_predicted(string name, string coupling, string? refusedAt)
    {
        var sample = Sample.All[name];
        using var app = sample.App();
        var ended = Sample.Drive(app, app.Start(sample.Definition, coupling, InputOf(sample, refusedAt)), approves: refusedAt is null);

        Assert.Equal(refusedAt, ended.Steps.SingleOrDefault(step => step.State == StepState.Refused)?.Name);
        Assert.Equal(Counts(ended.Cost.Predicted), Counts(ended.Cost.Measured));

        static object Counts(CostView cost) =>
            (cost.MessagesSent, cost.MessagesDelivered, cost.Activities, cost.OrchestratorRuns, cost.EngineOperations);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    [InlineData(Coupling.Events)]
    public void Grow_with_every_try(string coupling)
    {
        var sample = Sample.All["transfer-money"];
        var faults = new FaultScript();
        using var app = sample.App(faults: faults);
        var id = app.Begin(sample.Definition, coupling, sample.Input);
        faults.On($"{id}:withdraw None>Done", Fault.Before, times: 2);

        var cost = Sample.Drive(app, id).Cost;

        // A try is an activity; a command with its reply; or a message for later.
        Assert.Equal(coupling == Coupling.Events ? 0 : 2, cost.Measured.Activities - cost.Predicted.Activities);
        Assert.Equal(coupling switch { Coupling.Requests => 0, Coupling.Commands => 4, _ => 2 }, cost.Measured.MessagesSent - cost.Predicted.MessagesSent);
    }

    private static object InputOf(Sample sample, string? refusedAt) => refusedAt switch
    {
        "reserve-stock" => Shop.Order(quantity: 6),
        "authorize-payment" => Shop.Order(price: 100),
        "book-shipment" => Shop.Order(country: "AQ"),
        _ => sample.Input,
    };
}
