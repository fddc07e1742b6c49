using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

/// <summary>
/// Payments' effects at the provider, which no write of ours can be made together with. The barrier's record <c>started</c> goes before the
/// effect, so that whoever comes after a crash or a lost reply knows that it may have happened, and asks.
/// </summary>
internal sealed class ProviderCalls(CommandHandler commands, IPaymentProvider provider)
{
    /// <summary>Authorizes, or settles what an earlier call with this key has come to.</summary>
    /// <returns>The invocation with which the outcome is to be recorded, and why it was declined.</returns>
    /// <exception cref="Exception">The outcome is unknown; the record stays <c>started</c>.</exception>
    public async Task<(Invocation Invocation, string? Declined)> AuthorizeAsync(
        AuthorizePayment command, Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.OnlyRepeats) return (invocation, null);
        var key = invocation.CommandId;
        if (invocation.Mode == Mode.Perform)
        {
            if (await commands.StartAsync<Payment>(command.PaymentId.Value, invocation, cancellation) != RecordState.Started) return (invocation, null);
            return Outcome(invocation, await provider.AuthorizeAsync(key, command.PaymentId, command.Card, command.Amount, cancellation));
        }

        var record = await commands.FindAsync<Payment>(command.PaymentId.Value, invocation, cancellation);
        if (record is not { State: RecordState.Started }) return (invocation, null);
        if (invocation.Mode == Mode.Refuse && await provider.FindAsync(key, cancellation) is { State: not AuthorizationState.Voided } found)
            return Outcome(invocation, found);
        if (invocation.Mode == Mode.Refuse) await provider.VoidAsync(key, cancellation);
        return (invocation with { HasStarted = true }, null);
    }

    /// <summary>Frees what was authorized, or may have been, before that is recorded as undone.</summary>
    public async Task VoidAsync(VoidPayment command, Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.OnlyRepeats || invocation.Mode != Mode.Perform) return;
        var record = await commands.FindAsync<Payment>(command.PaymentId.Value, invocation, cancellation);
        if (record is { State: RecordState.Started or RecordState.Done }) await provider.VoidAsync(invocation.CommandId, cancellation);
    }

    /// <summary>Frees what was authorized for a payment that is about to be refused.</summary>
    public Task FreeAsync(Invocation invocation, CancellationToken cancellation) => provider.VoidAsync(invocation.CommandId, cancellation);

    private static (Invocation Invocation, string? Declined) Outcome(Invocation invocation, Authorization authorization) => (
        invocation with { Mode = Mode.Perform, HasStarted = true },
        authorization.State == AuthorizationState.Authorized ? null : authorization.Reason ?? "The provider declined it.");
}
