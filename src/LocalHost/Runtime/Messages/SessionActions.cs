using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>The session of a message in the function's own hands.</summary>
internal sealed class SessionActions : ServiceBusSessionMessageActions
{
    private readonly Func<CancellationToken, Task<BinaryData?>> _getState;
    private readonly Func<BinaryData?, CancellationToken, Task> _setState;
    private readonly Func<CancellationToken, Task> _renew;
    private readonly Func<DateTimeOffset> _lockedUntil;

    public SessionActions(ProcessSessionMessageEventArgs args)
        : this(args.GetSessionStateAsync, args.SetSessionStateAsync, args.RenewSessionLockAsync, () => args.SessionLockedUntil)
    {
    }

    public SessionActions(ServiceBusSessionReceiver receiver)
        : this(receiver.GetSessionStateAsync, receiver.SetSessionStateAsync, receiver.RenewSessionLockAsync, () => receiver.SessionLockedUntil)
    {
    }

    private SessionActions(
        Func<CancellationToken, Task<BinaryData?>> getState, Func<BinaryData?, CancellationToken, Task> setState,
        Func<CancellationToken, Task> renew, Func<DateTimeOffset> lockedUntil)
    {
        (_getState, _setState, _renew, _lockedUntil) = (getState, setState, renew, lockedUntil);
        SessionLockedUntil = lockedUntil();
    }

    /// <summary>Whether the function has asked that the session go to whoever is next, once it has returned.</summary>
    public bool ShouldRelease { get; private set; }

    // Without a state the worker's is null as well, whatever its declaration says.
    public override async Task<BinaryData> GetSessionStateAsync(CancellationToken cancellationToken = default) => (await _getState(cancellationToken))!;

    public override Task SetSessionStateAsync(BinaryData sessionState, CancellationToken cancellationToken = default) =>
        _setState(sessionState, cancellationToken);

    public override Task ReleaseSession(CancellationToken cancellationToken = default)
    {
        ShouldRelease = true;
        return Task.CompletedTask;
    }

    public override async Task RenewSessionLockAsync(CancellationToken cancellationToken = default)
    {
        await _renew(cancellationToken);
        SessionLockedUntil = _lockedUntil();
    }
}
