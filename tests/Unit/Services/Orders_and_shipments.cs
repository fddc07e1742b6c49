using Atomic.Services;
using Atomic.Services.Ordering;
using Atomic.Services.Shipping;
using Atomic.Testing.Scenarios;
using Xunit;

namespace Atomic.Unit.Services;

public sealed class Orders_and_shipments
{
    private static readonly OrderId Id = new("o-1");
    private static readonly OrderLine[] Lines = [new(new Sku("tea"), 2, new Money(3.10m, "EUR")), new(new Sku("cup"), 1, new Money(5, "EUR"))];
    private static readonly OrderPlaced Placed = new(Id, new CustomerId("c-1"), Lines, new Money(11.20m, "EUR"));
    private static readonly ShipmentId Ship = new("ship-1");

    [Fact]
    public void Given_nothing_When_created_Then_placed_with_its_total() =>
        Given<Order>.Nothing.When(order => order.Decide(new CreateOrder(Id, new CustomerId("c-1"), Lines))).Then(Placed);

    [Fact]
    public void Given_an_order_When_created_again_Then_refused() =>
        Given<Order>.Events(Placed).When(order => order.Decide(new CreateOrder(Id, new CustomerId("c-1"), Lines))).ThenRefused("exists already");

    [Fact]
    public void Given_an_order_When_cancelled_Then_it_is_and_cannot_be_confirmed()
    {
        Given<Order>.Events(Placed).When(order => order.Decide(new CancelOrder(Id))).Then(new OrderCancelled(Id, new CustomerId("c-1")));
        Given<Order>.Events(Placed, new OrderCancelled(Id, new CustomerId("c-1"))).When(order => order.Decide(new ConfirmOrder(Id))).ThenRefused("from Cancelled");
    }

    [Fact]
    public void Given_a_country_that_is_not_served_When_booked_Then_refused() =>
        Given<Shipment>.Nothing.When(s => s.Decide(new BookShipment(Ship, Id, To("AQ")))).ThenRefused("'AQ' is not served");

    [Fact]
    public void Given_a_country_that_is_served_When_booked_Then_booked() =>
        Given<Shipment>.Nothing.When(s => s.Decide(new BookShipment(Ship, Id, To("DE")))).Then(new ShipmentBooked(Ship, Id, To("DE")));

    [Fact]
    public void Given_a_refused_shipment_When_cancelled_Then_there_is_nothing_to_do() =>
        Given<Shipment>.Events(new ShipmentRefused(Ship, Id, To("AQ"), "no")).When(s => s.Decide(new CancelShipment(Ship))).Then();

    private static Address To(string country) => new("A", "B", "C", "1", country);
}
