using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>Delivers messages one at a time, many at once, by the client's own processor.</summary>
internal sealed class SingleMessages(
    MessageFunction function, ServiceBusClient client, ServiceBusSettings settings, FunctionRunner runner, ILogger logger) : ITriggers, IAsyncDisposable
{
    private readonly ServiceBusProcessor _processor = Create(function, client, settings);

    public string Name => function.Function.Name;

    public Task StartAsync(CancellationToken cancellation)
    {
        _processor.ProcessMessageAsync += DeliverAsync;
        _processor.ProcessErrorAsync += error => ReceiveErrors.LogAsync(logger, function, error);
        return _processor.StartProcessingAsync(cancellation);
    }

    public Task StopAsync(CancellationToken cancellation) => _processor.StopProcessingAsync(cancellation);

    public ValueTask DisposeAsync() => _processor.DisposeAsync();

    // The processor's own token falls when it is stopped, and what runs then is to end in its own time.
    private Task<object?> DeliverAsync(ProcessMessageEventArgs args) =>
        runner.RunAsync(function.Function, new Delivery([args.Message], new MessageActions(Settlement.By(args)), null), CancellationToken.None);

    private static ServiceBusProcessor Create(MessageFunction function, ServiceBusClient client, ServiceBusSettings settings)
    {
        var options = new ServiceBusProcessorOptions
        {
            AutoCompleteMessages = function.AutoComplete,
            PrefetchCount = settings.PrefetchCount,
            MaxConcurrentCalls = settings.MaxConcurrentCalls,
            MaxAutoLockRenewalDuration = settings.MaxAutoLockRenewalDuration,
        };
        return function.Source.Subscription is { } subscription
            ? client.CreateProcessor(function.Source.QueueOrTopic, subscription, options)
            : client.CreateProcessor(function.Source.QueueOrTopic, options);
    }
}
