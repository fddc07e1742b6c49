using System.Collections.ObjectModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Atomic.Integration.Infrastructure;

namespace Atomic.Integration.Security;

/// <summary>A route of the running app, as its trigger declares it.</summary>
internal sealed record Route(HttpMethod Method, string Template)
{
    // What is said in the design: open is what holds no data.
    private static readonly string[] Open = ["/", "/api/openapi.json", "/api/health"];

    public static IReadOnlyList<Route> All { get; } =
    [
        .. from trigger in Triggers.Of("HttpTriggerAttribute")
           let methods = (ReadOnlyCollection<CustomAttributeTypedArgument>)trigger.Attribute.ConstructorArguments[1].Value!
           from method in methods
           select new Route(HttpMethod.Parse((string)method.Value!), $"/{((string)trigger.Named("Route")!).TrimStart('/')}"),
    ];

    public bool IsOpen => Open.Contains(Template);

    public bool HasId => Template.Contains('{', StringComparison.Ordinal);

    /// <summary>The route with each of its parameters filled in.</summary>
    public string With(string value) => Regex.Replace(Template, @"\{\w+\}", value);

    public override string ToString() => $"{Method} {Template}";
}
