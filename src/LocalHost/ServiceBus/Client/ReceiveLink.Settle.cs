using System.Runtime.CompilerServices;
using Atomic.LocalHost.ServiceBus.Entities;
using Atomic.LocalHost.ServiceBus.Storage;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

internal sealed partial class ReceiveLink
{
    private const int LongestReason = 4096;

    // Which messages were settled here, or are about to be, for a processor that settles what its handler left.
    private readonly ConditionalWeakTable<ServiceBusReceivedMessage, object> _settled = [];

    public bool IsSettled(ServiceBusReceivedMessage message) => _settled.TryGetValue(message, out _);

    public Task CompleteAsync(ServiceBusReceivedMessage message, CancellationToken cancellation) =>
        SettleAsync(message, (mailbox, token) => mailbox.Complete(Session, token), cancellation);

    public Task AbandonAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellation)
    {
        var changes = Checked(properties);
        return SettleAsync(message, (mailbox, token) => mailbox.Abandon(Session, token, changes), cancellation);
    }

    public Task DeferAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellation)
    {
        var changes = Checked(properties);
        return SettleAsync(message, (mailbox, token) => mailbox.Defer(Session, token, changes), cancellation);
    }

    public Task DeadLetterAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? properties,
        string? reason,
        string? description,
        CancellationToken cancellation)
    {
        ThrowIfTooLong(reason, nameof(reason));
        ThrowIfTooLong(description, nameof(description));
        var changes = Checked(properties);
        foreach (var (name, value) in new DeadLetterReason(reason, description).AsProperties())
        {
            if (changes.TryGetValue(name, out var other) && !Equals(other, value))
                throw new InvalidOperationException($"{name} is given twice, and differs.");
            changes[name] = value;
        }

        return SettleAsync(message, (mailbox, token) => mailbox.DeadLetter(Session, token, changes), cancellation);
    }

    public async Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellation)
    {
        if (Session is not null) throw new InvalidOperationException("A message of a session is locked with its session: renew that.");
        var token = TokenOf(message, cancellation);
        SetLockedUntil(message, await Broker.AskAsync(entities => entities.Mailbox(EntityPath).Renew(token)));
    }

    private async Task SettleAsync(ServiceBusReceivedMessage message, Action<Mailbox, Guid> settle, CancellationToken cancellation)
    {
        var token = TokenOf(message, cancellation);
        _settled.AddOrUpdate(message, message);
        try
        {
            await Broker.AskAsync(entities =>
            {
                settle(entities.Mailbox(EntityPath), token);
                return true;
            });
        }
        catch
        {
            _settled.Remove(message);
            throw;
        }
    }

    private Guid TokenOf(ServiceBusReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfUnusable(cancellation);
        if (Deletes) throw new InvalidOperationException("The operation is supported in the receive mode PeekLock only.");
        var token = Guid.Parse(message.LockToken);
        return token != Guid.Empty ? token : throw new InvalidOperationException("A message that was peeked at, or deleted as it was received, cannot be settled.");
    }

    // What the broker could not store is refused before anything happens.
    private static Dictionary<string, object> Checked(IDictionary<string, object>? properties)
    {
        var changes = new Dictionary<string, object>(properties ?? new Dictionary<string, object>());
        foreach (var (name, value) in changes) PropertyFormat.Write(BinaryWriter.Null, name, value);
        return changes;
    }

    private static void ThrowIfTooLong(string? text, string name)
    {
        if (text?.Length > LongestReason) throw new ArgumentOutOfRangeException(name, $"It has more than {LongestReason} characters.");
    }

    // Only the client sets it, in Microsoft's package as well.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_LockedUntil")]
    private static extern void SetLockedUntil(ServiceBusReceivedMessage message, DateTimeOffset lockedUntil);
}
