using System.Reflection;
using Atomic.LocalHost.DurableTask;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace Atomic.LocalHost.Runtime.Orchestrations;

/// <summary>An orchestrator or an activity, under the name by which the durable engine calls it.</summary>
public sealed record DurableFunction(Function Function, string Name)
{
    private static readonly MethodInfo Input = typeof(DurableFunction).GetMethod(nameof(InputOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    internal static DurableFunction? Read(FunctionMethod method, OrchestrationTriggerAttribute trigger, ICollection<string> problems)
    {
        if (method.Method.GetParameters().Any(parameter => parameter.IsDefined(typeof(DurableClientAttribute), inherit: false)))
            problems.Add($"Function {method.Name}: an orchestrator cannot take a [DurableClient]; what it did would not be repeated by a replay.");
        return Create(method, trigger.Orchestration, parameter => BindOrchestrator(method, parameter), problems);
    }

    internal static DurableFunction? Read(FunctionMethod method, ActivityTriggerAttribute trigger, ICollection<string> problems) =>
        Create(method, trigger.Activity, parameter => parameter == method.TriggerParameter ? BindActivity(parameter.ParameterType) : null, problems);

    private static DurableFunction? Create(
        FunctionMethod method, string? name, Func<ParameterInfo, ParameterBinding?> bind, ICollection<string> problems)
    {
        var before = problems.Count;
        var bindings = ParameterBindings.Of(method, bind, problems);
        return problems.Count > before ? null : new DurableFunction(new Function(method, bindings), name ?? method.Name);
    }

    // Beside its context an orchestrator may take its input; anything else it has to ask of its context.
    private static ParameterBinding? BindOrchestrator(FunctionMethod method, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter == method.TriggerParameter) return type == typeof(TaskOrchestrationContext) ? invocation => invocation.Trigger : null;
        if (type == typeof(FunctionContext) || type == typeof(CancellationToken) || type == typeof(DurableTaskClient)) return null;
        var input = Input.MakeGenericMethod(type).CreateDelegate<Func<TaskOrchestrationContext, object?>>();
        return invocation => input((TaskOrchestrationContext)invocation.Trigger);
    }

    private static ParameterBinding? BindActivity(Type type)
    {
        if (type == typeof(FunctionContext) || type == typeof(CancellationToken) || type == typeof(TaskOrchestrationContext)) return null;
        var nothing = type.IsValueType ? Activator.CreateInstance(type) : null;
        return invocation => JsonDataConverter.Default.Deserialize(((ActivityCall)invocation.Trigger).Input, type) ?? nothing;
    }

    private static object? InputOf<TInput>(TaskOrchestrationContext context) => context.GetInput<TInput>();
}
