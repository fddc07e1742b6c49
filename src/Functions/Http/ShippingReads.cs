using Atomic.EventSourcing;
using Atomic.Services.Shipping;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The read models of Shipping.</summary>
public sealed class ShippingReadFunctions(Projector<Shipments, Shipment, ShipmentView> rows, ReadEdge edge)
{
    [Function(nameof(GetShipment))]
    public Task<IResult> GetShipment(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/shipping/shipments/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, rows, edge, cancellation);

    [Function(nameof(ListShipments))]
    public Task<IResult> ListShipments(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/shipping/shipments")] HttpRequest request,
        CancellationToken cancellation) => Reads.ListAsync(request, rows, ["orderId", "state"], edge, cancellation);
}
