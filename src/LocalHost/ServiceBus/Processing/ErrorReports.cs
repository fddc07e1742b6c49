using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>Tells the error handler of a processor. An error handler that fails is logged, since there is nobody left to tell.</summary>
internal sealed class ErrorReports(Connection connection, string path, string identifier, Func<ProcessErrorEventArgs, Task> handleAsync)
{
    public async Task ReportAsync(Exception error, ServiceBusErrorSource source, CancellationToken cancellation)
    {
        try
        {
            await handleAsync(new ProcessErrorEventArgs(error, source, Connection.Namespace, path, identifier, cancellation));
        }
        catch (Exception e)
        {
            Logs.ErrorHandlerFailed(connection.Broker.Log, path, e);
        }
    }
}
