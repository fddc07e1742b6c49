using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Atomic.Verification.Simulation;

/// <summary>One function: what triggers it, and how it is called.</summary>
internal sealed class SimulatedFunction
{
    private readonly MethodInvoker _method;
    private readonly Type[] _parameters;
    private readonly PropertyInfo? _result;

    public SimulatedFunction(MethodInfo method)
    {
        var trigger = method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>()).First();
        (Class, Trigger, Key) = (method.DeclaringType!, trigger.GetType(), KeyOf(trigger, method));
        _method = MethodInvoker.Create(method);
        _parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        _result = method.ReturnType.GetProperty(nameof(Task<>.Result));
    }

    public Type Class { get; }

    public Type Trigger { get; }

    /// <summary>The queue, subscription or name by which it is triggered; empty when nothing in the simulation does.</summary>
    public string Key { get; }

    public async Task<object?> CallAsync(object instance, Func<Type, object?> bind)
    {
        var running = (Task)_method.Invoke(instance, Array.ConvertAll(_parameters, parameter => bind(parameter)).AsSpan())!;
        await running;
        return _result?.GetValue(running);
    }

    private static string KeyOf(TriggerBindingAttribute trigger, MethodInfo method) => trigger switch
    {
        ServiceBusTriggerAttribute { QueueName: { } queue } => queue,
        ServiceBusTriggerAttribute bus => $"{bus.TopicName}/{bus.SubscriptionName}",
        OrchestrationTriggerAttribute or ActivityTriggerAttribute => method.GetCustomAttribute<FunctionAttribute>()!.Name,
        _ => "",
    };
}
