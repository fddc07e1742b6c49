namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>Does the same again until it is stopped. A failure is reported, and followed by a pause.</summary>
internal static class ReceiveLoop
{
    public static async Task RunAsync(Func<Task> stepAsync, Func<Exception, Task> reportAsync, BackOff backOff, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await stepAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException e)
            {
                // The client is closed: nothing will ever be received again.
                await reportAsync(e);
                return;
            }
            catch (Exception e)
            {
                await reportAsync(e);
                await backOff.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
