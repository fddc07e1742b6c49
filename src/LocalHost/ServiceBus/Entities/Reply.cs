namespace Atomic.LocalHost.ServiceBus.Entities;

/// <summary>An answer that is decided in the broker's thread and leaves it only once what it rests on is written.</summary>
internal abstract class Reply
{
    public abstract void Release();

    public abstract void Fail(Exception reason);
}

internal sealed class Reply<T>(List<Reply> decided) : Reply
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T? _value;
    private Exception? _refusal;

    public Task<T> Task => _answer.Task;

    public void Give(T value)
    {
        _value = value;
        decided.Add(this);
    }

    public void Refuse(Exception reason)
    {
        _refusal = reason;
        decided.Add(this);
    }

    public override void Release()
    {
        if (_refusal is OperationCanceledException cancelled)
            _answer.TrySetCanceled(cancelled.CancellationToken);
        else if (_refusal is not null)
            _answer.TrySetException(_refusal);
        else
            _answer.TrySetResult(_value!);
    }

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}
