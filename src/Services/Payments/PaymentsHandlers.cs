using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

/// <summary>The commands of Payments, each on its aggregates.</summary>
/// <param name="provider">Who moves the money; without one, the card's limit here is all there is.</param>
public sealed class PaymentsHandlers(CommandHandler commands, IPaymentProvider? provider = null)
{
    private readonly ProviderCalls? _provider = provider is null ? null : new ProviderCalls(commands, provider);

    public Task<Answer> HandleAsync(RegisterCard command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Card>(Card.StreamOf(command.Card), invocation, card => card.Decide(command), creates: true, cancellation);

    /// <summary>
    /// Holds the amount on the card, then authorizes the payment; or records that it was declined. Two streams with a barrier record each:
    /// a crash between them is made good by the repetition.
    /// </summary>
    public async Task<Answer> HandleAsync(AuthorizePayment command, Invocation invocation, CancellationToken cancellation)
    {
        var hold = await commands.DoAsync<Card>(
            Card.StreamOf(command.Card), invocation, card => card.Hold(command.PaymentId, command.Amount), creates: false, cancellation);
        if (hold.TooLate) return hold;

        var (outcome, declined) = _provider is null || !hold.Accepted ? (invocation, null) : await _provider.AuthorizeAsync(command, invocation, cancellation);
        var isHeld = declined is null && outcome is { HasStarted: true, Mode: Mode.Perform };
        var payment = await RecordAsync(isHeld ? outcome with { MustSucceed = true } : outcome);
        if (isHeld && !invocation.MustSucceed && payment is { Accepted: false, TooLate: false, Repeated: false })
        {
            // Refused here and held there: once the refusal is on record, nobody would ask the provider any more.
            await _provider!.FreeAsync(invocation, cancellation);
            payment = await RecordAsync(outcome);
        }

        if (hold.Accepted && invocation.Reverts(payment))
        {
            var undo = new VoidPayment(command.PaymentId, command.Card, command.Amount);
            await HandleAsync(undo, invocation with { Mode = Mode.Perform }, cancellation);
        }

        return payment with { Tokens = [.. hold.Tokens, .. payment.Tokens], Repeated = hold.Repeated && payment.Repeated };

        Task<Answer> RecordAsync(Invocation known) => commands.DoAsync<Payment>(
            command.PaymentId.Value, known, payment => payment.Decide(command, hold.Reason ?? declined), creates: !known.HasStarted, cancellation);
    }

    public async Task<Answer> HandleAsync(VoidPayment command, Invocation invocation, CancellationToken cancellation)
    {
        if (_provider is not null) await _provider.VoidAsync(command, invocation, cancellation);
        var payment = await commands.UndoAsync<Payment>(
            command.PaymentId.Value, invocation, payment => payment.Decide(command), cancellation);
        var card = await commands.UndoAsync<Card>(
            Card.StreamOf(command.Card), invocation, _ => Card.Release(command.PaymentId, command.Amount), cancellation);
        return Answer.Of(payment, card);
    }

    public Task<Answer> HandleAsync(CapturePayment command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Payment>(command.PaymentId.Value, invocation, payment => payment.Decide(command), creates: false, cancellation);

    /// <summary>
    /// Refunds the payment, then frees the card's limit. Whether it is done is told by the payment's record alone: once that is, the rest
    /// follows, also when the question was whether to refuse it.
    /// </summary>
    public async Task<Answer> HandleAsync(RefundPayment command, Invocation invocation, CancellationToken cancellation)
    {
        var payment = await commands.DoAsync<Payment>(
            command.PaymentId.Value, invocation, payment => payment.Decide(command), creates: false, cancellation);
        if (!payment.Accepted) return payment;

        var rest = invocation.Mode == Mode.Refuse ? invocation with { Mode = Mode.Perform } : invocation;
        var card = await commands.DoAsync<Card>(
            Card.StreamOf(command.Card), rest, _ => Card.Release(command.PaymentId, command.Amount), creates: false, cancellation);
        return Answer.Of(payment, card);
    }
}
