using System.Globalization;

namespace Atomic.Unit.AzureApi;

/// <summary>Writes types, modifiers and constants as the lists in PublicApi do.</summary>
internal static class TypeNames
{
    public static string Of(Type type) => type switch
    {
        { IsByRef: true } => Of(type.GetElementType()!),
        { IsArray: true } => $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]",
        { IsGenericParameter: true } => type.Name,
        _ => WithPath(type),
    };

    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters
        .Select(parameter => (parameter.Name, Constraints: ConstraintsOf(parameter).ToList()))
        .Where(parameter => parameter.Constraints.Count > 0)
        .Select(parameter => $" where {parameter.Name} : {string.Join(", ", parameter.Constraints)}"));

    public static string Constant(object? value, Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type);
        if (value is null)
        {
            return type.IsValueType && underlying is null ? "default" : "null";
        }

        return (underlying ?? type) is { IsEnum: true } enumType
            ? $"({Of(enumType)}){Number(value)}"
            : Literal(value);
    }

    public static string Number(object value) =>
        value is Enum ? ((Enum)value).ToString("D") : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // A nested type carries the type arguments of the types around it: each part of the name takes those that are its own.
    private static string WithPath(Type type)
    {
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var path = new Stack<Type>();
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            path.Push(current);
        }

        var parts = path.Select(part => part.Name.Split('`') is [var name, var arity]
            ? $"{name}<{string.Join(", ", Enumerable.Range(0, int.Parse(arity, CultureInfo.InvariantCulture)).Select(_ => Of(arguments.Dequeue())))}>"
            : part.Name);
        var name = string.Join('.', parts);
        return string.IsNullOrEmpty(type.Namespace) ? name : $"{type.Namespace}.{name}";
    }

    private static IEnumerable<string> ConstraintsOf(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(System.Reflection.GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isStruct)
        {
            yield return "struct";
        }
        else if (attributes.HasFlag(System.Reflection.GenericParameterAttributes.ReferenceTypeConstraint))
        {
            yield return "class";
        }

        foreach (var constraint in parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)))
        {
            yield return Of(constraint);
        }

        if (!isStruct && attributes.HasFlag(System.Reflection.GenericParameterAttributes.DefaultConstructorConstraint))
        {
            yield return "new()";
        }
    }

    private static string Literal(object value) => value switch
    {
        bool boolean => boolean ? "true" : "false",
        string text => $"\"{text}\"",
        _ => Number(value),
    };
}
