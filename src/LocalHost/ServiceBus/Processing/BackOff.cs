using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>How long a processor that cannot receive waits before it tries again, by the client's retry options.</summary>
internal sealed class BackOff(ServiceBusRetryOptions options, TimeProvider time)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public Task WaitAsync(CancellationToken cancellation)
    {
        // 2^20 of the shortest delay is past every longest one that makes sense.
        var factor = options.Mode == ServiceBusRetryMode.Exponential ? 1 << Math.Min(_failures, 20) : 1;
        _failures++;
        var delay = options.Delay * factor;
        return Task.Delay(delay < options.MaxDelay ? delay : options.MaxDelay, time, cancellation);
    }
}
