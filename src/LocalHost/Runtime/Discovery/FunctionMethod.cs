using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Atomic.LocalHost.Runtime.Discovery;

/// <summary>A method that is marked as a function, and the parameter that triggers it.</summary>
public sealed partial record FunctionMethod(string Name, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    private const string WorkerNamespace = "Microsoft.Azure.Functions.Worker";

    /// <summary>Every function of these classes. What is not honoured in one is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<FunctionMethod> In(IEnumerable<Type> classes, ICollection<string> problems)
    {
        var functions = new List<FunctionMethod>();
        foreach (var type in classes.Where(type => type.IsClass))
        {
            var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);
            foreach (var method in methods)
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute && Read(attribute.Name, method, problems) is { } function)
                    functions.Add(function);
            }
        }

        foreach (var repeated in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"There is more than one function {repeated.Key}: {string.Join(", ", repeated.Select(function => function.Place))}.");
        return [.. functions.OrderBy(function => function.Name, StringComparer.Ordinal)];
    }

    /// <summary>Where it stands in the source.</summary>
    public string Place => $"{Method.DeclaringType!.Name}.{Method.Name}";

    private static FunctionMethod? Read(string name, MethodInfo method, ICollection<string> problems)
    {
        var before = problems.Count;
        if (!ValidName().IsMatch(name)) problems.Add($"Function '{name}': a name begins with a letter and has letters, digits, - and _, at most 128.");
        if (method.ContainsGenericParameters || (method.DeclaringType!.IsAbstract && !method.IsStatic))
            problems.Add($"Function {name}: it can be called neither on an abstract class nor with type parameters.");
        foreach (var attribute in Unknown(method.GetCustomAttributes(inherit: false)))
            problems.Add($"Function {name}: [{attribute}] is not honoured by the embedded host.");
        foreach (var attribute in Unknown(method.ReturnParameter.GetCustomAttributes(inherit: false)))
            problems.Add($"Function {name}: [return: {attribute}] is not honoured by the embedded host.");
        foreach (var parameter in method.GetParameters())
        {
            foreach (var attribute in Unknown(parameter.GetCustomAttributes(inherit: false)))
                problems.Add($"Function {name}: [{attribute}] of the parameter {parameter.Name} is not honoured by the embedded host.");
        }

        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>(), (parameter, trigger) => (parameter, trigger)).ToList();
        if (triggers.Count != 1) problems.Add($"Function {name}: it has {triggers.Count} triggers and must have one.");
        return problems.Count == before ? new FunctionMethod(name, method, triggers[0].parameter, triggers[0].trigger) : null;
    }

    // Whatever the worker's packages define changes what a function means, and only these are known here.
    private static IEnumerable<string> Unknown(IEnumerable<object> attributes) =>
        from attribute in attributes
        let type = attribute.GetType()
        where type.Namespace?.StartsWith(WorkerNamespace, StringComparison.Ordinal) == true || attribute is BindingAttribute
        where attribute is not (FunctionAttribute or HttpTriggerAttribute or TimerTriggerAttribute or ServiceBusTriggerAttribute
            or OrchestrationTriggerAttribute or ActivityTriggerAttribute or DurableClientAttribute)
        select type.Name.Replace(nameof(Attribute), "", StringComparison.Ordinal);

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$")]
    private static partial Regex ValidName();
}
