using System.Reflection;
using Atomic.Functions;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>The app's own functions by what triggers them, called as a host would call them.</summary>
public sealed class FunctionTable
{
    private static readonly Dictionary<(Type Trigger, string Key), MethodInfo> All = typeof(FunctionApp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute)))
        .Select(Of).Where(found => found.Key.Length > 0).ToDictionary(found => (found.Trigger, found.Key), found => found.Method);

    private readonly Dictionary<Type, object> _instances = [];
    private readonly IServiceProvider _services;
    private readonly DurableTaskClient _client;

    public FunctionTable(IServiceProvider services, DurableTaskClient client) => (_services, _client) = (services, client);

    public Task<object?> OrchestrateAsync(string name, TaskOrchestrationContext context) =>
        CallAsync(All[(typeof(OrchestrationTriggerAttribute), name)], _ => context);

    public Task<object?> PerformAsync(string activity, string? input) => All.TryGetValue((typeof(ActivityTriggerAttribute), activity), out var method)
        ? CallAsync(method, parameter => SimulatedOrchestrationContext.Converter.Deserialize(input, parameter.ParameterType))
        : throw new InvalidOperationException($"There is no activity '{activity}'.");

    /// <summary>False when no function takes messages from there.</summary>
    public async Task<bool> DeliverAsync(string path, ServiceBusReceivedMessage message, SimulatedActions actions)
    {
        if (!All.TryGetValue((typeof(ServiceBusTriggerAttribute), path), out var method)) return false;
        await CallAsync(method, parameter => parameter.ParameterType switch
        {
            var type when type == typeof(ServiceBusReceivedMessage) => message,
            var type when type == typeof(ServiceBusReceivedMessage[]) => new[] { message },
            _ => actions,
        });
        return true;
    }

    public TFunctions Get<TFunctions>() => (TFunctions)InstanceOf(typeof(TFunctions));

    private async Task<object?> CallAsync(MethodInfo method, Func<ParameterInfo, object?> bind)
    {
        var arguments = method.GetParameters().Select(parameter => parameter.ParameterType switch
        {
            var type when type == typeof(CancellationToken) => CancellationToken.None,
            var type when type == typeof(DurableTaskClient) => _client,
            _ => bind(parameter),
        });
        var running = (Task)method.Invoke(InstanceOf(method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, [.. arguments], null)!;
        await running;
        return running.GetType().GetProperty("Result")?.GetValue(running);
    }

    private object InstanceOf(Type type) => _instances.TryGetValue(type, out var known)
        ? known
        : _instances[type] = ActivatorUtilities.CreateInstance(_services, type);

    private static (MethodInfo Method, Type Trigger, string Key) Of(MethodInfo method)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var trigger = method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>()).First();
        return (method, trigger.GetType(), trigger switch
        {
            ServiceBusTriggerAttribute { QueueName: { } queue } => queue,
            ServiceBusTriggerAttribute bus => $"{bus.TopicName}/{bus.SubscriptionName}",
            OrchestrationTriggerAttribute or ActivityTriggerAttribute => name,
            _ => "",
        });
    }
}
