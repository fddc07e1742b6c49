using Atomic.AzureApi;

namespace Azure.Messaging.ServiceBus;

/// <remarks>In Microsoft's package the handlers are kept by <c>InnerProcessor</c>, which an implementation overrides; that works here as well.</remarks>
public class ServiceBusSessionProcessor : IAsyncDisposable
{
    private Func<ProcessSessionMessageEventArgs, Task>? _processMessage;
    private Func<ProcessErrorEventArgs, Task>? _processError;
    private Func<ProcessSessionEventArgs, Task>? _sessionInitializing;
    private Func<ProcessSessionEventArgs, Task>? _sessionClosing;

    protected ServiceBusSessionProcessor()
    {
    }

    protected internal virtual ServiceBusProcessor InnerProcessor => throw Declared.Only();

    public virtual string FullyQualifiedNamespace => InnerProcessor.FullyQualifiedNamespace;

    public virtual string EntityPath => InnerProcessor.EntityPath;

    public virtual string Identifier => InnerProcessor.Identifier;

    public virtual ServiceBusReceiveMode ReceiveMode => InnerProcessor.ReceiveMode;

    public virtual int PrefetchCount => InnerProcessor.PrefetchCount;

    public virtual bool IsProcessing => InnerProcessor.IsProcessing;

    public virtual bool AutoCompleteMessages => InnerProcessor.AutoCompleteMessages;

    public virtual bool IsClosed => InnerProcessor.IsClosed;

    public virtual TimeSpan MaxAutoLockRenewalDuration => InnerProcessor.MaxAutoLockRenewalDuration;

    public virtual int MaxConcurrentSessions => throw Declared.Only();

    public virtual int MaxConcurrentCallsPerSession => throw Declared.Only();

    public virtual TimeSpan? SessionIdleTimeout => throw Declared.Only();

    public event Func<ProcessSessionMessageEventArgs, Task> ProcessMessageAsync
    {
        add => Handler.Add(ref _processMessage, value);
        remove => Handler.Remove(ref _processMessage, value);
    }

    public event Func<ProcessErrorEventArgs, Task> ProcessErrorAsync
    {
        add => Handler.Add(ref _processError, value);
        remove => Handler.Remove(ref _processError, value);
    }

    public event Func<ProcessSessionEventArgs, Task> SessionInitializingAsync
    {
        add => Handler.Add(ref _sessionInitializing, value);
        remove => Handler.Remove(ref _sessionInitializing, value);
    }

    public event Func<ProcessSessionEventArgs, Task> SessionClosingAsync
    {
        add => Handler.Add(ref _sessionClosing, value);
        remove => Handler.Remove(ref _sessionClosing, value);
    }

    protected internal virtual Task OnProcessSessionMessageAsync(ProcessSessionMessageEventArgs args) =>
        Handler.Of(_processMessage, nameof(ProcessMessageAsync))(args);

    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) =>
        Handler.Of(_processError, nameof(ProcessErrorAsync))(args);

    protected internal virtual Task OnSessionInitializingAsync(ProcessSessionEventArgs args) =>
        _sessionInitializing?.Invoke(args) ?? Task.CompletedTask;

    protected internal virtual Task OnSessionClosingAsync(ProcessSessionEventArgs args) =>
        _sessionClosing?.Invoke(args) ?? Task.CompletedTask;

    public virtual Task StartProcessingAsync(CancellationToken cancellationToken = default) =>
        InnerProcessor.StartProcessingAsync(cancellationToken);

    public virtual Task StopProcessingAsync(CancellationToken cancellationToken = default) =>
        InnerProcessor.StopProcessingAsync(cancellationToken);

    public virtual Task CloseAsync(CancellationToken cancellationToken = default) => InnerProcessor.CloseAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }
}
