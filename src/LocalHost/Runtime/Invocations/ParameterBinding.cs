using System.Reflection;
using Atomic.LocalHost.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>The value of one parameter of a function for one call.</summary>
internal delegate object? ParameterBinding(Invocation invocation);

internal static class ParameterBindings
{
    /// <summary>How each parameter gets its value: from what triggers the function, or else from what every function can ask for.</summary>
    public static IReadOnlyList<ParameterBinding> Of(
        FunctionMethod function, Func<ParameterInfo, ParameterBinding?> fromTrigger, ICollection<string> problems)
    {
        var bindings = new List<ParameterBinding>();
        foreach (var parameter in function.Method.GetParameters())
        {
            if ((fromTrigger(parameter) ?? FromContext(parameter)) is { } binding)
                bindings.Add(binding);
            else
                problems.Add($"Function {function.Name}: the embedded host cannot bind the parameter {parameter.Name} of type {parameter.ParameterType.Name}.");
        }

        return bindings;
    }

    private static ParameterBinding? FromContext(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(CancellationToken) => invocation => invocation.CancellationToken,
        var type when type == typeof(FunctionContext) => invocation => invocation,
        var type when type == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)) => invocation => invocation.DurableClient,
        _ => null,
    };
}
