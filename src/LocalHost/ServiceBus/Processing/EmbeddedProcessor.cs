using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>Receives with as many loops as there may be calls at once.</summary>
internal sealed class EmbeddedProcessor : ServiceBusProcessor
{
    private readonly Connection _connection;
    private readonly string _path;
    private readonly ServiceBusProcessorOptions _options;
    private readonly Pump _pump = new();
    private readonly ErrorReports _errors;

    private bool _isClosed;

    public EmbeddedProcessor(Connection connection, string path, ServiceBusProcessorOptions? options)
    {
        (_connection, _options) = (connection, options ?? new ServiceBusProcessorOptions());
        var link = NewLink(path);
        (_path, EntityPath, Identifier) = (path, link.EntityPath, link.Identifier);
        _errors = new ErrorReports(connection, EntityPath, Identifier, OnProcessErrorAsync);
    }

    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override string EntityPath { get; }

    public override string Identifier { get; }

    public override ServiceBusReceiveMode ReceiveMode => _options.ReceiveMode;

    public override int PrefetchCount => _options.PrefetchCount;

    public override bool IsProcessing => _pump.IsRunning;

    public override int MaxConcurrentCalls => _options.MaxConcurrentCalls;

    public override bool AutoCompleteMessages => _options.AutoCompleteMessages;

    public override TimeSpan MaxAutoLockRenewalDuration => _options.MaxAutoLockRenewalDuration;

    public override bool IsClosed => _isClosed;

    public override Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        _connection.ThrowIfUnusable(_isClosed, nameof(ServiceBusProcessor), cancellationToken);
        HandlerProbe.Require(nameof(ProcessMessageAsync), () => ProcessMessageAsync += Nobody, () => ProcessMessageAsync -= Nobody);
        HandlerProbe.Require(nameof(ProcessErrorAsync), () => ProcessErrorAsync += Nobody, () => ProcessErrorAsync -= Nobody);
        var link = NewLink(_path);
        _pump.Start(MaxConcurrentCalls, stopping => LoopAsync(link, stopping));
        return Task.CompletedTask;
    }

    public override Task StopProcessingAsync(CancellationToken cancellationToken = default) => _pump.StopAsync(cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _isClosed = true;
        return _pump.StopAsync(cancellationToken);
    }

    private static Task Nobody(EventArgs args) => Task.CompletedTask;

    private ReceiveLink NewLink(string path) => new(_connection, path, ReceiveSettings.Of(_options));

    private async Task LoopAsync(ReceiveLink link, CancellationToken stopping)
    {
        var receiver = new EmbeddedReceiver(link);
        var handling = new MessageHandling(link, AutoCompleteMessages, (e, source) => _errors.ReportAsync(e, source, stopping));
        var backOff = new BackOff(_connection.Retry, _connection.Broker.Time);
        await ReceiveLoop.RunAsync(
            async () =>
            {
                if (await link.ReceiveOneAsync(Timeout.InfiniteTimeSpan, stopping) is not { } message) return;
                backOff.Reset();
                await handling.HandleAsync(message, () => CallAsync(message, receiver, link, stopping), stopping);
            },
            e => _errors.ReportAsync(e, ServiceBusErrorSource.Receive, stopping),
            backOff,
            stopping);
    }

    private async Task CallAsync(ServiceBusReceivedMessage message, EmbeddedReceiver receiver, ReceiveLink link, CancellationToken stopping)
    {
        var arguments = new MessageArguments(message, receiver, Identifier, stopping);
        if (ReceiveMode == ServiceBusReceiveMode.ReceiveAndDelete)
        {
            await OnProcessMessageAsync(arguments);
            return;
        }

        await using var watch = new LockWatch(_connection.Broker.Time, MaxAutoLockRenewalDuration, new WatchedLock(
            () => link.IsSettled(message) ? DateTimeOffset.MaxValue : message.LockedUntil,
            () => link.IsSettled(message) ? Task.CompletedTask : link.RenewAsync(message, CancellationToken.None),
            e => link.IsSettled(message) ? Task.CompletedTask : _errors.ReportAsync(e, ServiceBusErrorSource.RenewLock, stopping),
            e => link.IsSettled(message) ? Task.CompletedTask : arguments.LoseLockAsync(e)));
        await OnProcessMessageAsync(arguments);
    }
}
