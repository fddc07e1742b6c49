using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

public sealed record AuthorizePayment(PaymentId PaymentId, OrderId OrderId, CardNumber Card, Money Amount);

public sealed record VoidPayment(PaymentId PaymentId, CardNumber Card, Money Amount);

public sealed record CapturePayment(PaymentId PaymentId);

public sealed record RefundPayment(PaymentId PaymentId, CardNumber Card, Money Amount);

/// <param name="CardKey">The card's stream; null in events from before refunds.</param>
public sealed record PaymentAuthorized(
    PaymentId PaymentId, OrderId OrderId, string CardLastFour, Money Amount, string? CardKey = null) : IEvent;

public sealed record PaymentDeclined(PaymentId PaymentId, OrderId OrderId, string CardLastFour, Money Amount, string Reason) : IRefusal;

public sealed record PaymentVoided(PaymentId PaymentId) : IEvent;

public sealed record PaymentCaptured(PaymentId PaymentId, Money Amount) : IEvent;

public sealed record PaymentRefunded(PaymentId PaymentId, Money Amount) : IEvent;

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

/// <summary>A payment: authorized or declined, then captured or voided; a captured one may be refunded, to the card that paid.</summary>
/// <param name="Amount">Null until it is authorized, and so is the card's key.</param>
public sealed record Payment(PaymentState State, Money? Amount = null, string? CardKey = null) : IAggregate<Payment>
{
    public static string Category => "paymentsPayment";

    public static EventTypes Events { get; } = EventTypes.Of(
        typeof(PaymentAuthorized), typeof(PaymentDeclined), typeof(PaymentVoided), typeof(PaymentCaptured), typeof(PaymentRefused),
        typeof(PaymentRefunded));

    public static Payment Initial { get; } = new(PaymentState.None);

    public Payment Evolve(IEvent e) => e switch
    {
        PaymentAuthorized authorized => new Payment(PaymentState.Authorized, authorized.Amount, authorized.CardKey),
        PaymentDeclined => this with { State = PaymentState.Declined },
        PaymentVoided => this with { State = PaymentState.Voided },
        PaymentCaptured => this with { State = PaymentState.Captured },
        PaymentRefunded => this with { State = PaymentState.Refunded },
        _ => this,
    };

    /// <param name="declined">Why the card refused; null when it holds the amount.</param>
    public IReadOnlyList<IEvent> Decide(AuthorizePayment command, string? declined) => (State, declined) switch
    {
        (not PaymentState.None, _) => [new PaymentRefused(command.PaymentId, $"Payment {command.PaymentId} exists already.")],
        (_, null) => [new PaymentAuthorized(command.PaymentId, command.OrderId, LastFour(command.Card), command.Amount, Card.StreamOf(command.Card))],
        _ => [new PaymentDeclined(command.PaymentId, command.OrderId, LastFour(command.Card), command.Amount, declined)],
    };

    public IReadOnlyList<IEvent> Decide(VoidPayment command) =>
        State == PaymentState.Authorized ? [new PaymentVoided(command.PaymentId)] : [];

    public IReadOnlyList<IEvent> Decide(CapturePayment command) => State switch
    {
        PaymentState.Authorized => [new PaymentCaptured(command.PaymentId, Amount!)],
        var state => [new PaymentRefused(command.PaymentId, $"Payment {command.PaymentId} cannot go from {state} to {PaymentState.Captured}.")],
    };

    public IReadOnlyList<IEvent> Decide(RefundPayment command)
    {
        if (State != PaymentState.Captured) return Refused($"cannot go from {State} to {PaymentState.Refunded}");
        if (Card.StreamOf(command.Card) != CardKey) return Refused("was made with another card");
        return command.Amount == Amount ? [new PaymentRefunded(command.PaymentId, command.Amount)] : Refused($"was {Amount}, and not {command.Amount}");

        IReadOnlyList<IEvent> Refused(string why) => [new PaymentRefused(command.PaymentId, $"Payment {command.PaymentId} {why}.")];
    }

    private static string LastFour(CardNumber card) => card.Value[Math.Max(0, card.Value.Length - 4)..];
}
