using Atomic.Functions.Costs;
using Atomic.Transactions.Costs;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Atomic.Unit.Costs;

public sealed class Prices
{
    private static readonly Usage Used = new(Requests: 10, Sent: 10, Delivered: 20, Orchestrations: 1, Activities: 5);

    [Fact]
    public void Are_those_of_the_list_unless_set()
    {
        var price = PriceList.Read(Settings([]), []).Of(Used);

        // 32 executions at 0.4 and 0.2 GB-s each; 10 requests; 33 queue and 10 table operations of the engine; 50 operations of the bus.
        Assert.Equal((32 * 5.6m / 1e6m, 0.36m / 1e6m, 13.56m / 1e6m, 40m / 1e6m), (price.Executions, price.Storage, price.Engine, price.Bus));
        Assert.Equal((price.Executions + price.Storage + price.Engine + price.Bus, "USD"), (price.Amount, price.Currency));
    }

    [Fact]
    public void Are_set_by_name()
    {
        List<string> problems = [];
        var price = PriceList.Read(Settings([("currency", "EUR"), ("busOperations", "1.5"), ("QUEUEREQUESTS", "0"), ("tableRequests", "0")]), problems).Of(Used);

        Assert.Empty(problems);
        Assert.Equal(("EUR", 75m / 1e6m, 0m, 0m), (price.Currency, price.Bus, price.Engine, price.Storage));
    }

    [Theory]
    [InlineData("busOperations", "-1")]
    [InlineData("busOperations", "1,5")]
    [InlineData("busOperations", "1000001")]
    [InlineData("executions", "")]
    [InlineData("currency", "euro")]
    [InlineData("busOperation", "1")]
    public void That_cannot_be_are_told_by_name(string name, string value)
    {
        List<string> problems = [];
        PriceList.Read(Settings([(name, value)]), problems);

        Assert.StartsWith($"Prices__{name} is ", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static IConfiguration Settings(IEnumerable<(string Name, string Value)> prices) => new ConfigurationBuilder()
        .AddInMemoryCollection(prices.Select(price => KeyValuePair.Create($"Prices:{price.Name}", (string?)price.Value))).Build();
}
