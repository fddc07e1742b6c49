using Atomic.EventSourcing;
using Atomic.Services.Inventory;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The read models of Inventory.</summary>
public sealed class InventoryReadFunctions(Projector<StockLevels, StockItem, StockLevel> rows, ConsistencyTokens tokens)
{
    [Function(nameof(GetStockLevel))]
    public Task<IResult> GetStockLevel(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inventory/stock/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, rows, tokens, cancellation);

    [Function(nameof(ListStockLevels))]
    public Task<IResult> ListStockLevels(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inventory/stock")] HttpRequest request,
        CancellationToken cancellation) => Reads.ListAsync(request, rows, [], tokens, cancellation);
}
