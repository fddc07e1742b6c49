using System.Reflection;
using Atomic.Functions;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Unit.Access;

/// <summary>A function that is called over HTTP, as compiled.</summary>
internal sealed record HttpFunctionOfApp(string Name, string Method, string Route, AuthorizationLevel Level)
{
    public static IReadOnlyList<HttpFunctionOfApp> All { get; } =
    [
        .. from type in typeof(FunctionApp).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           from verb in trigger.Methods!
           select new HttpFunctionOfApp(function.Name, verb, trigger.Route!, trigger.AuthLevel),
    ];

    // Said here a second time, and by another rule than in the app: what is open is a list, what only looks is a GET.
    public bool IsOpen => Route is "/" or "api/openapi.json" or "api/health";

    public bool OnlyLooks => Method == "get";
}
