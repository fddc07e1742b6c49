using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>One accepted session, from its first message until it is idle, lost, released, or the processor stops.</summary>
internal sealed class SessionRun(
    Connection connection,
    EmbeddedSessionReceiver receiver,
    ServiceBusSessionProcessorOptions options,
    SessionHandlers handlers,
    ErrorReports errors,
    string identifier)
{
    private readonly List<SessionMessageArguments> _running = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var watch = new LockWatch(connection.Broker.Time, RenewFor, new WatchedLock(
            () => receiver.SessionLockedUntil,
            () => receiver.RenewSessionLockAsync(CancellationToken.None),
            e => errors.ReportAsync(e, ServiceBusErrorSource.RenewLock, stopping),
            LoseLockAsync));
        var arguments = new SessionArguments(receiver, identifier, ending.Cancel, stopping);
        await handlers.InitializingAsync(arguments);
        await Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentCallsPerSession).Select(_ => ReceiveAsync(ending, stopping)));
        await CloseAsync(arguments, stopping);
    }

    private TimeSpan RenewFor => options.MaxAutoLockRenewalDuration;

    private async Task ReceiveAsync(CancellationTokenSource ending, CancellationToken stopping)
    {
        var handling = new MessageHandling(receiver.Link, options.AutoCompleteMessages, (e, source) => errors.ReportAsync(e, source, stopping));
        var idle = options.SessionIdleTimeout ?? connection.Retry.TryTimeout;
        try
        {
            while (!ending.IsCancellationRequested && await receiver.ReceiveMessageAsync(idle, ending.Token) is { } message)
                await handling.HandleAsync(message, () => CallAsync(message, ending, stopping), stopping);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Released or stopped; the session is closed next.
        }
        catch (Exception e)
        {
            await errors.ReportAsync(e, ServiceBusErrorSource.Receive, stopping);
            await ending.CancelAsync();
        }
    }

    private async Task CallAsync(ServiceBusReceivedMessage message, CancellationTokenSource ending, CancellationToken stopping)
    {
        var arguments = new SessionMessageArguments(message, receiver, identifier, ending.Cancel, stopping);
        lock (_running) _running.Add(arguments);
        try
        {
            await handlers.MessageAsync(arguments);
        }
        finally
        {
            lock (_running) _running.Remove(arguments);
        }
    }

    private async Task LoseLockAsync(Exception? e)
    {
        List<SessionMessageArguments> running;
        lock (_running) running = [.. _running];
        foreach (var arguments in running) await arguments.LoseLockAsync(e);
    }

    private async Task CloseAsync(SessionArguments arguments, CancellationToken stopping)
    {
        try
        {
            await handlers.ClosingAsync(arguments);
        }
        catch (Exception e)
        {
            await errors.ReportAsync(e, ServiceBusErrorSource.CloseSession, stopping);
        }
    }
}
