using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>One message through a handler: settled when the handler is done and has not done so, abandoned when it fails.</summary>
internal sealed class MessageHandling(ReceiveLink link, bool completes, Func<Exception, ServiceBusErrorSource, Task> reportAsync)
{
    private bool Settles => link.Mode == ServiceBusReceiveMode.PeekLock;

    public async Task HandleAsync(ServiceBusReceivedMessage message, Func<Task> handleAsync, CancellationToken stopping)
    {
        var source = ServiceBusErrorSource.ProcessMessageCallback;
        try
        {
            await handleAsync();
            source = ServiceBusErrorSource.Complete;

            // What was done is done, whether or not the processor stops meanwhile.
            if (Settles && completes && !link.IsSettled(message)) await link.CompleteAsync(message, CancellationToken.None);
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException || !stopping.IsCancellationRequested) await reportAsync(e, source);
            if (Settles && !link.IsSettled(message) && !IsLockLost(e)) await AbandonAsync(message);
        }
    }

    private async Task AbandonAsync(ServiceBusReceivedMessage message)
    {
        try
        {
            await link.AbandonAsync(message, null, CancellationToken.None);
        }
        catch (Exception e)
        {
            await reportAsync(e, ServiceBusErrorSource.Abandon);
        }
    }

    private static bool IsLockLost(Exception e) =>
        e is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.SessionLockLost };
}
