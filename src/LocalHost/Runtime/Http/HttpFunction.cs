using System.Reflection;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Http;

/// <summary>A function that answers requests.</summary>
/// <param name="Methods">Empty for every method.</param>
public sealed record HttpFunction(Function Function, RoutePattern Route, IReadOnlyList<string> Methods)
{
    // Azure's host keeps these for itself.
    private static readonly string[] Reserved = ["admin", "runtime"];

    public string Path => $"/{Route.RawText}";

    /// <summary>Whether a request could be meant for both, so that neither could be chosen.</summary>
    internal bool Overlaps(HttpFunction other) =>
        Shape() == other.Shape() && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods).Any());

    // The route without the names of its parameters.
    private string Shape() => string.Join('/', Route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
        _ => "",
    }))));

    internal static HttpFunction? Read(FunctionMethod method, HttpTriggerAttribute trigger, string prefix, ICollection<string> problems)
    {
        var before = problems.Count;
        var route = Combine(prefix, trigger.Route ?? method.Name);
        var pattern = Parse(method, route, problems);
        var result = CompiledCall.ResultOf(method.Method.ReturnType);
        if (result != typeof(void) && !result.IsAssignableTo(typeof(IResult)))
            problems.Add($"Function {method.Name}: it returns {result.Name}; the embedded host answers with an IResult, or with what the function wrote itself.");
        if (pattern is null) return null;

        var bindings = ParameterBindings.Of(method, parameter => Bind(method, parameter, pattern), problems);
        return problems.Count > before ? null : new HttpFunction(
            new Function(method, bindings), pattern, [.. (trigger.Methods ?? []).Select(each => each.ToUpperInvariant())]);
    }

    private static ParameterBinding? Bind(FunctionMethod method, ParameterInfo parameter, RoutePattern route)
    {
        if (parameter == method.TriggerParameter)
            return parameter.ParameterType == typeof(HttpRequest) ? invocation => ((HttpContext)invocation.Trigger).Request : null;
        if (route.GetParameter(parameter.Name!) is not { } named || parameter.IsDefined(typeof(DurableClientAttribute), inherit: false))
            return null;
        var convert = RouteValue.ConverterTo(parameter, named.IsOptional);
        return convert is null ? null : invocation => convert(RouteValue.Of((HttpContext)invocation.Trigger, named.Name));
    }

    private static RoutePattern? Parse(FunctionMethod method, string route, ICollection<string> problems)
    {
        try
        {
            if (Reserved.Contains(route.Split('/')[0], StringComparer.OrdinalIgnoreCase))
                problems.Add($"Function {method.Name}: the route '{route}' begins with what Azure's host keeps for itself ({string.Join(", ", Reserved)}).");
            return RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException e)
        {
            problems.Add($"Function {method.Name}: the route '{route}' is malformed: {e.Message}");
            return null;
        }
    }

    private static string Combine(string prefix, string route) =>
        string.Join('/', new[] { prefix.Trim('/'), route.Trim('/') }.Where(part => part.Length > 0));
}
