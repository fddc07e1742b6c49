using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>Delivers the messages of each session in their order, many sessions at once, by the client's own session processor.</summary>
internal sealed class SessionMessages(
    MessageFunction function, ServiceBusClient client, ServiceBusSettings settings, FunctionRunner runner, ILogger logger) : ITriggers, IAsyncDisposable
{
    private readonly ServiceBusSessionProcessor _processor = Create(function, client, settings);

    public string Name => function.Function.Name;

    public Task StartAsync(CancellationToken cancellation)
    {
        _processor.ProcessMessageAsync += DeliverAsync;
        _processor.ProcessErrorAsync += error => ReceiveErrors.LogAsync(logger, function, error);
        return _processor.StartProcessingAsync(cancellation);
    }

    public Task StopAsync(CancellationToken cancellation) => _processor.StopProcessingAsync(cancellation);

    public ValueTask DisposeAsync() => _processor.DisposeAsync();

    private async Task DeliverAsync(ProcessSessionMessageEventArgs args)
    {
        var session = new SessionActions(args);
        try
        {
            await runner.RunAsync(
                function.Function, new Delivery([args.Message], new MessageActions(Settlement.By(args)), session), CancellationToken.None);
        }
        finally
        {
            if (session.ShouldRelease) args.ReleaseSession();
        }
    }

    private static ServiceBusSessionProcessor Create(MessageFunction function, ServiceBusClient client, ServiceBusSettings settings)
    {
        var options = new ServiceBusSessionProcessorOptions
        {
            AutoCompleteMessages = function.AutoComplete,
            PrefetchCount = settings.PrefetchCount,
            MaxConcurrentSessions = settings.MaxConcurrentSessions,
            MaxConcurrentCallsPerSession = settings.MaxConcurrentCallsPerSession,
            SessionIdleTimeout = settings.SessionIdleTimeout,
            MaxAutoLockRenewalDuration = settings.MaxAutoLockRenewalDuration,
        };
        return function.Source.Subscription is { } subscription
            ? client.CreateSessionProcessor(function.Source.QueueOrTopic, subscription, options)
            : client.CreateSessionProcessor(function.Source.QueueOrTopic, options);
    }
}
