using System.Reflection;
using System.Runtime.CompilerServices;

namespace Atomic.Unit.AzureApi;

/// <summary>Writes a type's public and protected surface in the line format of the lists in PublicApi.</summary>
internal static class ApiText
{
    public static string Of(Type type) => string.Join('\n', [$"type {Declaration(type)}", .. Members(type).Order(StringComparer.Ordinal).Select(line => $"  {line}")]);

    private static string Declaration(Type type)
    {
        var bases = Bases(type).ToList();
        var constraints = type.IsGenericType ? TypeNames.Constraints(type.GetGenericArguments()) : "";
        return $"{Access(type)} {Kind(type)} {TypeNames.Of(type)}{(bases.Count > 0 ? $" : {string.Join(", ", bases)}" : "")}{constraints}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"value {field.Name} = {TypeNames.Number(field.GetRawConstantValue()!)}");
        }

        if (type.BaseType == typeof(MulticastDelegate))
        {
            var invoke = type.GetMethod("Invoke")!;
            return [$"invoke {TypeNames.Of(invoke.ReturnType)} ({MemberText.Parameters(invoke)})"];
        }

        return [.. Usage(type), .. MemberText.Of(type)];
    }

    private static IEnumerable<string> Usage(Type type) => type.GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType == typeof(AttributeUsageAttribute))
        .Select(attribute => string.Join(", ",
        [
            $"usage {TypeNames.Number(attribute.ConstructorArguments[0].Value!)}",
            .. attribute.NamedArguments
                .OrderBy(argument => argument.MemberName, StringComparer.Ordinal)
                .Select(argument => $"{argument.MemberName} = {TypeNames.Constant(argument.TypedValue.Value, argument.TypedValue.ArgumentType)}"),
        ]));

    private static string Access(Type type) => type switch
    {
        { IsNestedFamORAssem: true } => "protected internal",
        { IsNestedFamily: true } => "protected",
        _ => "public",
    };

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => $"{(Has<IsReadOnlyAttribute>(type) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{(Records.Is(type) ? "record " : "")}struct",
        _ when type.BaseType == typeof(MulticastDelegate) => "delegate",
        _ => $"{Inheritance(type)}{(Records.Is(type) ? "record " : "")}class",
    };

    private static string Inheritance(Type type) => type switch
    {
        { IsAbstract: true, IsSealed: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsSealed: true } => "sealed ",
        _ => "",
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
        {
            return [TypeNames.Of(Enum.GetUnderlyingType(type))];
        }

        if (type.BaseType == typeof(MulticastDelegate))
        {
            return [];
        }

        Type?[] implied = [typeof(object), typeof(ValueType), null];
        IEnumerable<string> baseType = implied.Contains(type.BaseType) ? [] : [TypeNames.Of(type.BaseType!)];
        return [.. baseType, .. OwnInterfaces(type).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> OwnInterfaces(Type type)
    {
        var all = type.GetInterfaces();
        var implied = all.SelectMany(known => known.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        return all
            .Where(own => own.IsVisible && !implied.Contains(own))
            .Where(own => !(Records.Is(type) && own.Name == "IEquatable`1" && own.GetGenericArguments()[0] == type))
            .Select(TypeNames.Of);
    }

    private static bool Has<TAttribute>(Type type) => type.GetCustomAttributesData().Any(attribute => attribute.AttributeType == typeof(TAttribute));
}
