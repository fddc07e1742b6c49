using Atomic.EventSourcing;
using Atomic.Services.Ordering;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The read models of Ordering.</summary>
public sealed class OrderingReadFunctions(
    Projector<Orders, Order, OrderView> rows, ViewProjector<OrdersByCustomer, CustomerOrder, CustomerOrders> byCustomer,
    Projector<Customers, Customer, CustomerView> customers, ReadEdge edge)
{
    [Function(nameof(GetOrder))]
    public Task<IResult> GetOrder(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ordering/orders/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, rows, edge, cancellation);

    [Function(nameof(ListOrders))]
    public Task<IResult> ListOrders(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ordering/orders")] HttpRequest request,
        CancellationToken cancellation) => Reads.ListAsync(request, rows, ["customerId", "state"], edge, cancellation);

    [Function(nameof(GetOrdersOfCustomer))]
    public Task<IResult> GetOrdersOfCustomer(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ordering/customers/{id}/orders")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FolderAsync(request, id, byCustomer, edge, cancellation);

    [Function(nameof(GetCustomer))]
    public Task<IResult> GetCustomer(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ordering/customers/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, customers, edge, cancellation);
}
