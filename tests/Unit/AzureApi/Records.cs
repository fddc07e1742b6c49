using System.Reflection;
using System.Runtime.CompilerServices;

namespace Atomic.Unit.AzureApi;

/// <summary>Tells records from other types, and what the compiler wrote for them from what a person did.</summary>
internal static class Records
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static bool Is(Type type) => type.GetMethod("<Clone>$", Declared) is not null
        || (type.IsValueType && type.GetMethods(Declared).Any(method => method.Name == "PrintMembers" && IsGenerated(method)));

    /// <summary>The lists keep a record's primary constructor, properties and Deconstruct, and leave out the rest of what is generated.</summary>
    public static bool Wrote(MemberInfo member) => Is(member.DeclaringType!) && member.Name != "Deconstruct"
        && (IsGenerated(member) || member is PropertyInfo { GetMethod: { } getter, Name: "EqualityContract" } && IsGenerated(getter));

    private static bool IsGenerated(MemberInfo member) =>
        member.GetCustomAttributesData().Any(attribute => attribute.AttributeType == typeof(CompilerGeneratedAttribute));
}
