using System.Reflection;

namespace Atomic.Integration.Infrastructure;

/// <summary>An attribute of a compiled function's parameter.</summary>
internal sealed record Trigger(string Function, CustomAttributeData Attribute)
{
    public IReadOnlyList<string?> Arguments => [.. Attribute.ConstructorArguments.Select(argument => argument.Value as string)];

    public object? Named(string name) => Attribute.NamedArguments.SingleOrDefault(argument => argument.MemberName == name).TypedValue.Value;
}

/// <summary>What the compiled functions are triggered by and bound to.</summary>
internal static class Triggers
{
    public static IReadOnlyList<Trigger> Of(string attribute) =>
    [
        .. from type in Assembly.Load("Atomic.Functions").GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           from parameter in method.GetParameters()
           from data in parameter.GetCustomAttributesData()
           where data.AttributeType.Name == attribute
           select new Trigger($"{type.Name}.{method.Name}", data),
    ];
}
