using System.Reflection;
using Atomic.Functions;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>The app's own functions by what triggers them, called as a host would call them.</summary>
public sealed class FunctionTable
{
    private static readonly IReadOnlyList<MethodInfo> Methods =
        [.. typeof(FunctionApp).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute)))];

    private static readonly Dictionary<(Type Trigger, string Key), SimulatedFunction> All = Methods
        .Select(method => new SimulatedFunction(method)).Where(function => function.Key.Length > 0)
        .ToDictionary(function => (function.Trigger, function.Key));

    private readonly IServiceProvider _services;
    private readonly DurableTaskClient _client;

    /// <param name="services">With every one of <see cref="Classes"/>.</param>
    public FunctionTable(IServiceProvider services, DurableTaskClient client) => (_services, _client) = (services, client);

    /// <summary>The classes that functions are methods of.</summary>
    public static IReadOnlyList<Type> Classes { get; } = [.. Methods.Select(method => method.DeclaringType!).Distinct()];

    public Task<object?> OrchestrateAsync(string name, TaskOrchestrationContext context) =>
        CallAsync(All[(typeof(OrchestrationTriggerAttribute), name)], _ => context);

    public Task<object?> PerformAsync(string activity, string? input) => All.TryGetValue((typeof(ActivityTriggerAttribute), activity), out var function)
        ? CallAsync(function, parameter => SimulatedOrchestrationContext.Converter.Deserialize(input, parameter))
        : throw new InvalidOperationException($"There is no activity '{activity}'.");

    /// <summary>False when no function takes messages from there.</summary>
    public async Task<bool> DeliverAsync(string path, ServiceBusReceivedMessage message, SimulatedActions actions)
    {
        if (!All.TryGetValue((typeof(ServiceBusTriggerAttribute), path), out var function)) return false;
        await CallAsync(function, parameter => parameter switch
        {
            var type when type == typeof(ServiceBusReceivedMessage) => message,
            var type when type == typeof(ServiceBusReceivedMessage[]) => new[] { message },
            _ => actions,
        });
        return true;
    }

    public TFunctions Get<TFunctions>() where TFunctions : notnull => _services.GetRequiredService<TFunctions>();

    private Task<object?> CallAsync(SimulatedFunction function, Func<Type, object?> bind) =>
        function.CallAsync(_services.GetRequiredService(function.Class), parameter => parameter switch
        {
            var type when type == typeof(CancellationToken) => CancellationToken.None,
            var type when type == typeof(DurableTaskClient) => _client,
            _ => bind(parameter),
        });
}
