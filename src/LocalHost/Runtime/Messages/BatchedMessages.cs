using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>Delivers messages in batches, one batch at a time, of a session when the source has sessions. As in Azure, no lock is renewed for them.</summary>
internal sealed class BatchedMessages(
    MessageFunction function, ServiceBusClient client, ServiceBusSettings settings, FunctionRunner runner, TimeProvider time, ILogger logger)
    : ITriggers, IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly BatchCollector _collector = new(settings, time);
    private ServiceBusReceiver? _receiver;
    private Task _loop = Task.CompletedTask;

    public string Name => function.Function.Name;

    public Task StartAsync(CancellationToken cancellation)
    {
        _loop = RunAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiver is not null) await _receiver.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _receiver ??= await OpenAsync();
                await ReceiveAsync(_receiver);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The host stops while nothing is there to be delivered.
            }
            catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.ServiceTimeout)
            {
                // No session has had a message for a while.
            }
            catch (Exception e)
            {
                Logs.ReceivingFailed(logger, function.Function.Name, function.Source.Path, "batch", e);
                await CloseSessionAsync();
                await Task.Delay(PauseAfterFailure, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReceiveAsync(ServiceBusReceiver receiver)
    {
        var messages = await _collector.CollectAsync(receiver, function.IsSessionsEnabled ? settings.SessionIdleTimeout : null, _stopping.Token);
        var session = receiver is ServiceBusSessionReceiver ofSession ? new SessionActions(ofSession) : null;
        if (messages.Count > 0) await DeliverAsync(receiver, new Delivery(messages, new MessageActions(Settlement.By(receiver)), session));
        if (messages.Count == 0 || session?.ShouldRelease == true) await CloseSessionAsync();
    }

    private async Task DeliverAsync(ServiceBusReceiver receiver, Delivery delivery)
    {
        var settle = receiver.CompleteMessageAsync;
        var settles = function.AutoComplete;
        try
        {
            await runner.RunAsync(function.Function, delivery, CancellationToken.None);
        }
        catch (Exception)
        {
            // It is in the log by then. Whoever settles, what a failed function has left unsettled is abandoned.
            settle = (message, cancellation) => receiver.AbandonMessageAsync(message, cancellationToken: cancellation);
            settles = true;
        }

        if (!settles) return;
        await Task.WhenAll(delivery.Messages.Where(message => !delivery.Actions.HasSettled(message)).Select(message => settle(message, CancellationToken.None)));
    }

    private Task<ServiceBusReceiver> OpenAsync()
    {
        var (source, subscription) = function.Source;
        if (function.IsSessionsEnabled) return OpenSessionAsync(source, subscription);
        var options = new ServiceBusReceiverOptions { PrefetchCount = settings.PrefetchCount };
        return Task.FromResult(subscription is null ? client.CreateReceiver(source, options) : client.CreateReceiver(source, subscription, options));
    }

    private async Task<ServiceBusReceiver> OpenSessionAsync(string source, string? subscription)
    {
        var options = new ServiceBusSessionReceiverOptions { PrefetchCount = settings.PrefetchCount };
        return subscription is null
            ? await client.AcceptNextSessionAsync(source, options, _stopping.Token)
            : await client.AcceptNextSessionAsync(source, subscription, options, _stopping.Token);
    }

    // A receiver without sessions stays open.
    private async Task CloseSessionAsync()
    {
        if (_receiver is not ServiceBusSessionReceiver session) return;
        _receiver = null;
        await session.CloseAsync(CancellationToken.None);
    }
}
