using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Testing.Scenarios;
using Xunit;

namespace Atomic.Unit.Services;

public sealed class Stock_items
{
    private static readonly Sku Tea = new("tea");
    private static readonly OrderId Order = new("o-1");

    [Fact]
    public void Given_enough_stock_When_reserved_Then_it_is_held() =>
        Given<StockItem>.Events(new StockAdded(Tea, 5)).When(stock => stock.Reserve(Order, new StockLine(Tea, 5)))
            .Then(new StockReserved(Tea, Order, 5));

    [Fact]
    public void Given_stock_held_by_others_When_reserved_beyond_the_rest_Then_refused() =>
        Given<StockItem>.Events(new StockAdded(Tea, 5), new StockReserved(Tea, new OrderId("o-0"), 3))
            .When(stock => stock.Reserve(Order, new StockLine(Tea, 3))).ThenRefused("3 wanted, 2 available");

    [Fact]
    public void Given_nothing_When_reserved_Then_the_product_is_unknown() =>
        Given<StockItem>.Nothing.When(stock => stock.Reserve(Order, new StockLine(Tea, 1))).ThenRefused("unknown");

    [Fact]
    public void Given_a_reservation_When_released_Then_the_stock_is_as_before()
    {
        var outcome = Given<StockItem>.Events(new StockAdded(Tea, 5), new StockReserved(Tea, Order, 2))
            .When(_ => StockItem.Release(Order, new StockLine(Tea, 2)));

        Assert.Equal(new StockItem(true, 5, 0), outcome.After);
    }
}
