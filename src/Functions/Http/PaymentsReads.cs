using Atomic.EventSourcing;
using Atomic.Services.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>The read models of Payments.</summary>
public sealed class PaymentsReadFunctions(
    Projector<PaymentList, Payment, PaymentView> rows, ViewProjector<DailyRevenue, RevenueEntry, RevenueDay> revenue, ReadEdge edge)
{
    [Function(nameof(GetPayment))]
    public Task<IResult> GetPayment(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/payments/payments/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Reads.FindAsync(request, id, rows, edge, cancellation);

    [Function(nameof(ListPayments))]
    public Task<IResult> ListPayments(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/payments/payments")] HttpRequest request,
        CancellationToken cancellation) => Reads.ListAsync(request, rows, ["orderId", "state"], edge, cancellation);

    [Function(nameof(GetDailyRevenue))]
    public Task<IResult> GetDailyRevenue(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/payments/revenue/{day}")] HttpRequest request,
        string day,
        CancellationToken cancellation) => Reads.FolderAsync(request, day, revenue, edge, cancellation);
}
