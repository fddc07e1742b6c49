using System.Collections.Concurrent;
using Atomic.LocalHost.ServiceBus.Client;
using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>Accepts one session after another, in as many loops as there may be sessions at once.</summary>
internal sealed class SessionProcessing(
    Connection connection, string path, ServiceBusSessionProcessorOptions options, SessionHandlers handlers) : ServiceBusProcessor
{
    private readonly Pump _pump = new();

    // Sessions that were asked for by name take turns.
    private readonly ConcurrentQueue<string> _named = new(options.SessionIds);

    private bool _isClosed;

    public override string FullyQualifiedNamespace => Connection.Namespace;

    public override string EntityPath => path;

    public override string Identifier { get; } = options.Identifier ?? $"{path}-{Guid.NewGuid()}";

    public override ServiceBusReceiveMode ReceiveMode => options.ReceiveMode;

    public override int PrefetchCount => options.PrefetchCount;

    public override bool IsProcessing => _pump.IsRunning;

    public override int MaxConcurrentCalls => options.MaxConcurrentSessions * options.MaxConcurrentCallsPerSession;

    public override bool AutoCompleteMessages => options.AutoCompleteMessages;

    public override TimeSpan MaxAutoLockRenewalDuration => options.MaxAutoLockRenewalDuration;

    public override bool IsClosed => _isClosed;

    public override Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        connection.ThrowIfUnusable(_isClosed, nameof(ServiceBusSessionProcessor), cancellationToken);
        var sessions = _named.IsEmpty ? options.MaxConcurrentSessions : Math.Min(options.MaxConcurrentSessions, _named.Count);
        _pump.Start(sessions, LoopAsync);
        return Task.CompletedTask;
    }

    public override Task StopProcessingAsync(CancellationToken cancellationToken = default) => _pump.StopAsync(cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _isClosed = true;
        return _pump.StopAsync(cancellationToken);
    }

    private async Task LoopAsync(CancellationToken stopping)
    {
        var errors = new ErrorReports(connection, path, Identifier, handlers.ErrorAsync);
        var backOff = new BackOff(connection.Retry, connection.Broker.Time);
        await ReceiveLoop.RunAsync(
            () => RunSessionAsync(errors, backOff, stopping),
            e => errors.ReportAsync(e, ServiceBusErrorSource.AcceptSession, stopping),
            backOff,
            stopping);
    }

    private async Task RunSessionAsync(ErrorReports errors, BackOff backOff, CancellationToken stopping)
    {
        var named = _named.TryDequeue(out var name) ? name : null;
        try
        {
            var settings = new ReceiveSettings(ReceiveMode, PrefetchCount, SubQueue.None, Identifier);
            await using var receiver = await SessionLink.AcceptAsync(connection, path, named, settings, Timeout.InfiniteTimeSpan, stopping);
            backOff.Reset();
            await new SessionRun(connection, receiver, options, handlers, errors, Identifier).RunAsync(stopping);
        }
        finally
        {
            if (named is not null) _named.Enqueue(named);
        }
    }
}
