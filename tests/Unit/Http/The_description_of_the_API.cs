using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atomic.Functions;
using Atomic.Testing;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace Atomic.Unit.Http;

public sealed class The_description_of_the_API
{
    private static readonly JsonElement Described = JsonDocument.Parse(Repository.Read("src/Functions/Http/openapi.json")).RootElement;

    [Fact]
    public void Has_every_route_and_no_other() => Assert.Equal(Routes(), Operations().Select(each => $"{each.Method} {each.Path} {each.Operation.GetProperty("operationId")}").Order(StringComparer.Ordinal));

    [Fact]
    public void Names_every_parameter_of_its_paths() => Assert.All(Operations(), each =>
    {
        var named = each.Operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!)
            : [];
        Assert.Equal(Regex.Matches(each.Path, @"\{(\w+)\}").Select(match => match.Groups[1].Value).Order(), named.Order());
    });

    [Fact]
    public void Refers_to_what_it_describes() => Assert.All(
        Regex.Matches(Described.GetRawText(), "\"#/components/schemas/(\\w+)\"").Select(match => match.Groups[1].Value).Distinct(),
        name => Assert.True(Described.GetProperty("components").GetProperty("schemas").TryGetProperty(name, out _), name));

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations() =>
        from path in Described.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (path.Name, method.Name, method.Value);

    private static IEnumerable<string> Routes() =>
        (from type in typeof(FunctionApp).Assembly.GetTypes()
         from method in type.GetMethods()
         let function = method.GetCustomAttribute<FunctionAttribute>()
         where function is not null
         from parameter in method.GetParameters()
         let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
         where trigger is not null
         from verb in trigger.Methods!
         select $"{verb} /{trigger.Route!.TrimStart('/')} {function.Name}").Order(StringComparer.Ordinal);
}
