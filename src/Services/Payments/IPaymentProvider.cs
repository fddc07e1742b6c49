namespace Atomic.Services.Payments;

/// <summary>
/// Who moves the money, outside this system. Every call carries an idempotency key: repeated with the same key, it has no further effect and
/// gets the same answer. A call that throws may have had its effect.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Reserves the amount; what was voided under this key before is declined.</summary>
    Task<Authorization> AuthorizeAsync(string key, PaymentId payment, CardNumber card, Money amount, CancellationToken cancellation);

    /// <summary>What became of the call with this key; null when none has arrived.</summary>
    Task<Authorization?> FindAsync(string key, CancellationToken cancellation);

    /// <summary>Frees what is reserved under the key. When nothing is, nothing will be: a call that comes later is declined.</summary>
    Task VoidAsync(string key, CancellationToken cancellation);
}

/// <param name="Reason">Why it was declined.</param>
public sealed record Authorization(AuthorizationState State, string? Reason = null);

public enum AuthorizationState
{
    Authorized,
    Declined,
    Voided,
}
