using System.Security.Cryptography;
using System.Text;
using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

public sealed record RegisterCard(CardNumber Card, Money Limit);

public sealed record CardRegistered(Money Limit) : IEvent;

public sealed record LimitHeld(PaymentId PaymentId, Money Amount) : IEvent;

public sealed record LimitReleased(PaymentId PaymentId, Money Amount) : IEvent;

public sealed record CardDeclined(PaymentId PaymentId, Money Amount, string Reason) : IRefusal;

/// <summary>A card with a limit for all that is authorized or captured on it. Its stream is named by a digest, and no event of it holds the number.</summary>
public sealed record Card(Money? Limit, decimal Used) : IAggregate<Card>
{
    public static string Category => "paymentsCard";

    public static EventTypes Events { get; } =
        EventTypes.Of(typeof(CardRegistered), typeof(LimitHeld), typeof(LimitReleased), typeof(CardDeclined));

    public static Card Initial { get; } = new(null, 0);

    public static string StreamOf(CardNumber card) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(card.Value)).AsSpan(0, 16));

    public Card Evolve(IEvent e) => e switch
    {
        CardRegistered registered => this with { Limit = registered.Limit },
        LimitHeld held => this with { Used = Used + held.Amount.Amount },
        LimitReleased released => this with { Used = Used - released.Amount.Amount },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(RegisterCard command) =>
        Limit == command.Limit ? [] : [new CardRegistered(command.Limit)];

    public IReadOnlyList<IEvent> Hold(PaymentId payment, Money amount) => Limit switch
    {
        null => [new CardDeclined(payment, amount, "The card is not registered.")],
        var limit when limit.Currency != amount.Currency =>
            [new CardDeclined(payment, amount, $"The card is in {limit.Currency}, the payment in {amount.Currency}.")],
        var limit when Used + amount.Amount > limit.Amount =>
            [new CardDeclined(payment, amount, $"The card is over its limit of {limit}.")],
        _ => [new LimitHeld(payment, amount)],
    };

    public static IReadOnlyList<IEvent> Release(PaymentId payment, Money amount) => [new LimitReleased(payment, amount)];
}
