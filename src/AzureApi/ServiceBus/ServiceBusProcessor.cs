using Atomic.AzureApi;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusProcessor : IAsyncDisposable
{
    private Func<ProcessMessageEventArgs, Task>? _processMessage;
    private Func<ProcessErrorEventArgs, Task>? _processError;

    protected ServiceBusProcessor()
    {
    }

    public virtual string FullyQualifiedNamespace => throw Declared.Only();

    public virtual string EntityPath => throw Declared.Only();

    public virtual string Identifier => throw Declared.Only();

    public virtual ServiceBusReceiveMode ReceiveMode => throw Declared.Only();

    public virtual int PrefetchCount => throw Declared.Only();

    public virtual bool IsProcessing => throw Declared.Only();

    public virtual int MaxConcurrentCalls => throw Declared.Only();

    public virtual bool AutoCompleteMessages => throw Declared.Only();

    public virtual TimeSpan MaxAutoLockRenewalDuration => throw Declared.Only();

    public virtual bool IsClosed => throw Declared.Only();

    public event Func<ProcessMessageEventArgs, Task> ProcessMessageAsync
    {
        add => Handler.Add(ref _processMessage, value);
        remove => Handler.Remove(ref _processMessage, value);
    }

    public event Func<ProcessErrorEventArgs, Task> ProcessErrorAsync
    {
        add => Handler.Add(ref _processError, value);
        remove => Handler.Remove(ref _processError, value);
    }

    protected internal virtual Task OnProcessMessageAsync(ProcessMessageEventArgs args) =>
        Handler.Of(_processMessage, nameof(ProcessMessageAsync))(args);

    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) =>
        Handler.Of(_processError, nameof(ProcessErrorAsync))(args);

    public virtual Task StartProcessingAsync(CancellationToken cancellationToken = default) => throw Declared.Only();

    public virtual Task StopProcessingAsync(CancellationToken cancellationToken = default) => throw Declared.Only();

    public virtual Task CloseAsync(CancellationToken cancellationToken = default) => throw Declared.Only();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }
}
