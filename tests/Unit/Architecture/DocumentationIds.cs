using System.Reflection;

namespace Atomic.Unit.Architecture;

/// <summary>Finds what a documentation id stands for in the base library. The analyzer that reads the lists ignores an id that stands for nothing.</summary>
internal static class DocumentationIds
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<Dictionary<string, Type>> Types = new(() => Directory
        .EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
        .Select(path => Assembly.Load(Path.GetFileNameWithoutExtension(path)))
        .SelectMany(assembly => assembly.GetExportedTypes())
        .GroupBy(Name)
        .ToDictionary(types => types.Key, types => types.First()));

    public static bool Resolves(string id)
    {
        if (id.Length < 3 || id[1] != ':')
        {
            return false;
        }

        var name = id[2..];
        var path = name.Split('(')[0];
        return id[0] switch
        {
            'T' => Types.Value.ContainsKey(name),
            'N' => Types.Value.Values.Any(type => type.Namespace == name),
            _ => path.Contains('.', StringComparison.Ordinal)
                && Types.Value.TryGetValue(path[..path.LastIndexOf('.')].TrimEnd('.'), out var type)
                && type.GetMembers(Any).Any(member => Of(member) == id),
        };
    }

    private static string? Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"M:{Name(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => $"M:{Name(method.DeclaringType!)}.{method.Name}{Arity(method)}{Parameters(method.GetParameters())}",
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        EventInfo @event => $"E:{Name(@event.DeclaringType!)}.{@event.Name}",
        _ => null,
    };

    private static string Arity(MethodInfo method) => method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Name(parameter.ParameterType)))})";

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => $"{Name(type.GetElementType()!)}@",
        { IsPointer: true } => $"{Name(type.GetElementType()!)}*",
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericParameter: true, DeclaringMethod: null } => $"`{type.GenericParameterPosition}",
        { IsGenericParameter: true } => $"``{type.GenericParameterPosition}",
        { IsConstructedGenericType: true } =>
            $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}",
        _ => (type.FullName ?? type.Name).Replace('+', '.'),
    };
}
