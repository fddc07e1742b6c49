using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

/// <summary>A payment as it is shown.</summary>
/// <param name="Card">The last four characters of the card.</param>
public sealed record PaymentView(PaymentId PaymentId, OrderId OrderId, string Card, Money Amount, PaymentState State, string? Reason);

/// <summary>Every payment, by id; listed by order and state.</summary>
public sealed class PaymentList : IProjection<Payment, PaymentView>
{
    public static string Name => "payments";

    public static PaymentView? Apply(PaymentView? row, RecordedEvent e) => e.Data switch
    {
        PaymentAuthorized p => new PaymentView(p.PaymentId, p.OrderId, p.CardLastFour, p.Amount, PaymentState.Authorized, null),
        PaymentDeclined p => new PaymentView(p.PaymentId, p.OrderId, p.CardLastFour, p.Amount, PaymentState.Declined, p.Reason),
        PaymentVoided => row! with { State = PaymentState.Voided },
        PaymentCaptured => row! with { State = PaymentState.Captured },
        PaymentRefunded => row! with { State = PaymentState.Refunded },
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(PaymentView row) =>
        new Dictionary<string, string> { ["OrderId"] = row.OrderId.Value, ["State"] = row.State.ToString() };
}
