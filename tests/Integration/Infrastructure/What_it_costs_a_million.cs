using System.Globalization;
using System.Text.RegularExpressions;
using Atomic.Functions.Bus;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Testing;
using Atomic.Transactions.Costs;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>The README's figures for a million of orders that succeed, from what the definition is predicted to use and the list prices that are built in.</summary>
public sealed partial class What_it_costs_a_million
{
    private const decimal InstanceOf2Gigabytes = 2m;

    private static readonly PriceList Prices = new();

    // In Azure there is no provider, unless one is added.
    private static readonly TransactionCosts Costs = new(Prices, new CostBasis(BusTopology.Declared.Readers, hasProvider: false));

    private static IReadOnlyList<decimal> Said => [.. Million().Match(Repository.Read("README.md").ReplaceLineEndings(" ")).Groups.Values.Skip(1)
        .Select(figure => decimal.Parse(figure.Value, CultureInfo.InvariantCulture))];

    [Fact]
    public void Is_said_with_what_it_is_made_of()
    {
        var (requests, commands, events) = (OfAMillion(Coupling.Requests, Prices), OfAMillion(Coupling.Commands, Prices), OfAMillion(Coupling.Events, Prices));
        var share = InstanceOf2Gigabytes / Prices.GigabyteSecondsOfExecution;

        Assert.Equal(
            [
                Math.Round(requests.Amount), share, Math.Round(requests.Executions), Math.Round(requests.Bus), Math.Round(requests.Engine),
                Math.Ceiling(requests.Storage), Math.Round(commands.Amount), Math.Round(events.Amount),
            ],
            Said);
    }

    [Fact]
    public void Would_be_said_otherwise_at_another_price() =>
        Assert.NotEqual(Said[0], Math.Round(OfAMillion(Coupling.Requests, Prices with { Executions = Prices.Executions + 0.03m }).Amount));

    private static Price OfAMillion(string coupling, PriceList prices)
    {
        var one = prices.Of(Costs.Predict(PlaceOrder.Definition, null, coupling, []));
        return new Price(one.Amount * 1e6m, one.Currency, one.Executions * 1e6m, one.Storage * 1e6m, one.Engine * 1e6m, one.Bus * 1e6m);
    }

    [GeneratedRegex(@"a million `place-order` about (\d+) while (\d+) executions share an instance: (\d+) of executions, (\d+) of the bus, "
        + @"(\d+) of the engine on Azure Storage, less than (\d+) of tables; in `commands` (\d+), in `events` (\d+); and telemetry")]
    private static partial Regex Million();
}
