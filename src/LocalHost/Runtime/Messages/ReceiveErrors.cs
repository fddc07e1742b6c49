using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Messages;

internal static class ReceiveErrors
{
    /// <summary>Logs what a processor could not do. What its function threw is in the log already.</summary>
    public static Task LogAsync(ILogger logger, MessageFunction function, ProcessErrorEventArgs error)
    {
        if (error.ErrorSource != ServiceBusErrorSource.ProcessMessageCallback)
            Logs.ReceivingFailed(logger, function.Function.Name, function.Source.Path, error.ErrorSource.ToString(), error.Exception);
        return Task.CompletedTask;
    }
}
