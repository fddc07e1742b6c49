using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Client;

internal sealed record ReceiveSettings(ServiceBusReceiveMode Mode, int Prefetch, SubQueue SubQueue, string? Identifier)
{
    public static ReceiveSettings Of(ServiceBusReceiverOptions? options) =>
        options is null ? Default : new ReceiveSettings(options.ReceiveMode, options.PrefetchCount, options.SubQueue, options.Identifier);

    public static ReceiveSettings Of(ServiceBusSessionReceiverOptions? options) =>
        options is null ? Default : new ReceiveSettings(options.ReceiveMode, options.PrefetchCount, SubQueue.None, options.Identifier);

    public static ReceiveSettings Of(ServiceBusProcessorOptions options) =>
        new(options.ReceiveMode, options.PrefetchCount, options.SubQueue, options.Identifier);

    private static ReceiveSettings Default => new(ServiceBusReceiveMode.PeekLock, 0, SubQueue.None, null);
}
