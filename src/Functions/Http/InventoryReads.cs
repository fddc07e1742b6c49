using Atomic.EventSourcing;
using Atomic.Services.Inventory;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The read models of Inventory.</summary>
public sealed class InventoryReadFunctions(Projector<StockLevels, StockItem, StockLevel> rows, ReadEdge edge)
{
    [Function(nameof(GetStockLevel))]
    public Task<IResult> GetStockLevel(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inventory/stock/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, rows, edge, cancellation);

    [Function(nameof(ListStockLevels))]
    public Task<IResult> ListStockLevels(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inventory/stock")] HttpRequest request,
        CancellationToken cancellation) => Reads.ListAsync(request, rows, [], edge, cancellation);
}
