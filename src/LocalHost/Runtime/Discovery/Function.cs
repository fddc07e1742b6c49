using Atomic.LocalHost.Runtime.Invocations;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.LocalHost.Runtime.Discovery;

/// <summary>A function that can be called: its class is made and its method called by code that is compiled once.</summary>
public sealed class Function
{
    private readonly Lazy<ObjectFactory?> _create;
    private readonly Lazy<CompiledCall> _call;
    private int _running;

    internal Function(FunctionMethod method, IReadOnlyList<ParameterBinding> parameters)
    {
        Method = method;
        Description = new FunctionDescription(method);
        _create = new(() => method.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.Method.DeclaringType!, []));
        _call = new(() => CompiledCall.Of(method.Method, parameters));
    }

    public string Name => Method.Name;

    public FunctionMethod Method { get; }

    /// <summary>How many of it are running.</summary>
    public int Running => Volatile.Read(ref _running);

    internal FunctionDescription Description { get; }

    internal object? Create(IServiceProvider services) => _create.Value?.Invoke(services, null);

    internal Task<object?> CallAsync(object? instance, Invocation invocation) => _call.Value.Invoke(instance, invocation);

    /// <summary>Compiles it now, rather than upon the first call.</summary>
    internal void Compile()
    {
        _ = _create.Value;
        _ = _call.Value;
    }

    internal void Started() => Interlocked.Increment(ref _running);

    internal void Ended() => Interlocked.Decrement(ref _running);
}
