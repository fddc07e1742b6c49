using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

public sealed record AuthorizePayment(PaymentId PaymentId, OrderId OrderId, CardNumber Card, Money Amount);

public sealed record VoidPayment(PaymentId PaymentId, CardNumber Card, Money Amount);

public sealed record CapturePayment(PaymentId PaymentId);

public sealed record PaymentAuthorized(PaymentId PaymentId, OrderId OrderId, string CardLastFour, Money Amount) : IEvent;

public sealed record PaymentDeclined(PaymentId PaymentId, OrderId OrderId, string CardLastFour, Money Amount, string Reason) : IRefusal;

public sealed record PaymentVoided(PaymentId PaymentId) : IEvent;

public sealed record PaymentCaptured(PaymentId PaymentId, Money Amount) : IEvent;

public sealed record PaymentRefused(PaymentId PaymentId, string Reason) : IRefusal;

public enum PaymentState
{
    None,
    Authorized,
    Captured,
    Voided,
    Refunded,
    Declined,
}

/// <summary>A payment: authorized or declined, then captured or voided.</summary>
/// <param name="Amount">Null until it is authorized.</param>
public sealed record Payment(PaymentState State, Money? Amount = null) : IAggregate<Payment>
{
    public static string Category => "paymentsPayment";

    public static EventTypes Events { get; } = EventTypes.Of(
        typeof(PaymentAuthorized), typeof(PaymentDeclined), typeof(PaymentVoided), typeof(PaymentCaptured), typeof(PaymentRefused));

    public static Payment Initial { get; } = new(PaymentState.None);

    public Payment Evolve(IEvent e) => e switch
    {
        PaymentAuthorized authorized => new Payment(PaymentState.Authorized, authorized.Amount),
        PaymentDeclined => this with { State = PaymentState.Declined },
        PaymentVoided => this with { State = PaymentState.Voided },
        PaymentCaptured => this with { State = PaymentState.Captured },
        _ => this,
    };

    /// <param name="declined">Why the card refused; null when it holds the amount.</param>
    public IReadOnlyList<IEvent> Decide(AuthorizePayment command, string? declined) => (State, declined) switch
    {
        (not PaymentState.None, _) => [new PaymentRefused(command.PaymentId, $"Payment {command.PaymentId} exists already.")],
        (_, null) => [new PaymentAuthorized(command.PaymentId, command.OrderId, LastFour(command.Card), command.Amount)],
        _ => [new PaymentDeclined(command.PaymentId, command.OrderId, LastFour(command.Card), command.Amount, declined)],
    };

    public IReadOnlyList<IEvent> Decide(VoidPayment command) =>
        State == PaymentState.Authorized ? [new PaymentVoided(command.PaymentId)] : [];

    public IReadOnlyList<IEvent> Decide(CapturePayment command) => State switch
    {
        PaymentState.Authorized => [new PaymentCaptured(command.PaymentId, Amount!)],
        var state => [new PaymentRefused(command.PaymentId, $"Payment {command.PaymentId} cannot go from {state} to {PaymentState.Captured}.")],
    };

    private static string LastFour(CardNumber card) => card.Value[Math.Max(0, card.Value.Length - 4)..];
}
