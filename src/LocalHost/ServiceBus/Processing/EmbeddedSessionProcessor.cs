using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

internal sealed class EmbeddedSessionProcessor : ServiceBusSessionProcessor
{
    private readonly ServiceBusSessionProcessorOptions _options;
    private readonly SessionProcessing _inner;

    // Microsoft's own processor calls these two only when they are set.
    private bool _isInitializing;
    private bool _isClosing;

    public EmbeddedSessionProcessor(Connection connection, string path, ServiceBusSessionProcessorOptions options)
    {
        _options = options;
        _inner = new SessionProcessing(connection, path, options, new SessionHandlers(
            OnProcessSessionMessageAsync,
            OnProcessErrorAsync,
            args => _isInitializing ? OnSessionInitializingAsync(args) : Task.CompletedTask,
            args => _isClosing ? OnSessionClosingAsync(args) : Task.CompletedTask));
    }

    public override int MaxConcurrentSessions => _options.MaxConcurrentSessions;

    public override int MaxConcurrentCallsPerSession => _options.MaxConcurrentCallsPerSession;

    public override TimeSpan? SessionIdleTimeout => _options.SessionIdleTimeout;

    protected override ServiceBusProcessor InnerProcessor => _inner;

    public override Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        HandlerProbe.Require(nameof(ProcessMessageAsync), () => ProcessMessageAsync += Nobody, () => ProcessMessageAsync -= Nobody);
        HandlerProbe.Require(nameof(ProcessErrorAsync), () => ProcessErrorAsync += Nobody, () => ProcessErrorAsync -= Nobody);
        _isInitializing = HandlerProbe.IsSet(() => SessionInitializingAsync += Nobody, () => SessionInitializingAsync -= Nobody);
        _isClosing = HandlerProbe.IsSet(() => SessionClosingAsync += Nobody, () => SessionClosingAsync -= Nobody);
        return _inner.StartProcessingAsync(cancellationToken);
    }

    private static Task Nobody(EventArgs args) => Task.CompletedTask;
}

internal sealed record SessionHandlers(
    Func<ProcessSessionMessageEventArgs, Task> MessageAsync,
    Func<ProcessErrorEventArgs, Task> ErrorAsync,
    Func<ProcessSessionEventArgs, Task> InitializingAsync,
    Func<ProcessSessionEventArgs, Task> ClosingAsync);
