using System.Reflection;
using System.Runtime.CompilerServices;

namespace Atomic.Unit.AzureApi;

/// <summary>Writes the members that a type itself declares, one line each.</summary>
internal static class MemberText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Type type) =>
    [
        .. type.GetConstructors(Declared).Where(IsVisible).Where(IsWritten).Where(constructor => !constructor.IsStatic).Select(Constructor),
        .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(Field),
        .. type.GetProperties(Declared).Where(property => Widest(property) is not null).Where(IsWritten).Select(Property),
        .. type.GetEvents(Declared).Where(@event => IsVisible(@event.AddMethod!)).Select(Event),
        .. type.GetMethods(Declared).Where(IsVisible).Where(IsWritten).Where(IsOrdinary).Select(Method),
    ];

    public static string Parameters(MethodBase method) => Parameters(method.GetParameters(), IsExtension(method));

    private static string Parameters(IEnumerable<ParameterInfo> parameters, bool isExtension = false) => string.Join(", ", parameters.Select(parameter =>
        $"{(isExtension && parameter.Position == 0 ? "this " : "")}{Passing(parameter)}{TypeNames.Of(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"));

    private static string Constructor(ConstructorInfo constructor) => $"constructor {Access(constructor)} ({Parameters(constructor)})";

    private static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "public" : field.IsFamily ? "protected" : "protected internal";
        var kind = field.IsLiteral ? "const " : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}";
        var constant = field.IsLiteral ? $" = {TypeNames.Constant(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"field {access} {kind}{TypeNames.Of(field.FieldType)} {field.Name}{constant}";
    }

    private static string Property(PropertyInfo property)
    {
        var widest = Widest(property)!;
        var required = Has<RequiredMemberAttribute>(property) ? "required " : "";
        var index = property.GetIndexParameters();
        var indexer = index.Length > 0 ? $"[{Parameters(index)}]" : "";
        var accessors = Accessors(property, Access(widest));
        return $"property {Access(widest)} {required}{Modifier(widest)}{TypeNames.Of(property.PropertyType)} {property.Name}{indexer} {{ {string.Join(' ', accessors)} }}";
    }

    private static IEnumerable<string> Accessors(PropertyInfo property, string access)
    {
        if (property.GetMethod is { } getter && IsVisible(getter))
        {
            yield return $"{Narrower(getter, access)}get;";
        }

        if (property.SetMethod is { } setter && IsVisible(setter))
        {
            var isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            yield return $"{Narrower(setter, access)}{(isInit ? "init" : "set")};";
        }
    }

    private static string Narrower(MethodInfo accessor, string access) => Access(accessor) == access ? "" : $"{Access(accessor)} ";

    private static string Event(EventInfo @event) =>
        $"event {Access(@event.AddMethod!)} {Modifier(@event.AddMethod!)}{TypeNames.Of(@event.EventHandlerType!)} {@event.Name}";

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var typeParameters = generic.Length > 0 ? $"<{string.Join(", ", generic.Select(parameter => parameter.Name))}>" : "";
        return $"method {Access(method)} {Modifier(method)}{TypeNames.Of(method.ReturnType)} {method.Name}{typeParameters}"
            + $"({Parameters(method)}){TypeNames.Constraints(generic)}";
    }

    private static string Modifier(MethodInfo method)
    {
        if (method.IsStatic)
        {
            return method.IsAbstract ? "static abstract " : "static ";
        }

        var overrides = method.IsVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0;
        return (method.IsAbstract, method.IsFinal, overrides) switch
        {
            (true, _, true) => "abstract override ",
            (true, _, false) => "abstract ",
            (_, true, true) => "sealed override ",
            (_, _, true) => "override ",
            _ => method is { IsVirtual: true, IsFinal: false } ? "virtual " : "",
        };
    }

    private static string Passing(ParameterInfo parameter) => parameter switch
    {
        { ParameterType.IsByRef: true, IsOut: true } => "out ",
        { ParameterType.IsByRef: true, IsIn: true } => "in ",
        { ParameterType.IsByRef: true } => "ref ",
        _ => parameter.GetCustomAttributesData().Any(attribute => attribute.AttributeType == typeof(ParamArrayAttribute)) ? "params " : "",
    };

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? $" = {TypeNames.Constant(parameter.RawDefaultValue, parameter.ParameterType)}" : "";

    private static string Access(MethodBase method) => method.IsPublic ? "public" : method.IsFamily ? "protected" : "protected internal";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWritten(MemberInfo member) => !Records.Wrote(member);

    private static bool IsOrdinary(MethodInfo method) =>
        !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsExtension(MethodBase method) => Has<ExtensionAttribute>(method);

    private static MethodInfo? Widest(PropertyInfo property) => new[] { property.GetMethod, property.SetMethod }
        .OfType<MethodInfo>()
        .Where(IsVisible)
        .OrderBy(accessor => accessor.IsPublic ? 0 : accessor.IsFamilyOrAssembly ? 1 : 2)
        .FirstOrDefault();

    private static bool Has<TAttribute>(MemberInfo member) =>
        member.GetCustomAttributesData().Any(attribute => attribute.AttributeType == typeof(TAttribute));
}
