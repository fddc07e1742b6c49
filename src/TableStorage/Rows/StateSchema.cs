using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Atomic.TableStorage.Rows;

/// <summary>
/// A hash of the shape of a state: the names and types of its properties, and of theirs. A stored state of another shape is not read but
/// folded anew from the events, so that a property that was added, renamed or given another type is never met with its default.
/// </summary>
/// <remarks>A change of what <c>Evolve</c> does with the same properties is no change of shape.</remarks>
internal static class StateSchema<TState>
{
    private const int HashBytes = 8;

    public static string Hash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StateShape.Of(typeof(TState))))[..HashBytes]);
}

internal static class StateShape
{
    public static string Of(Type type)
    {
        var text = new StringBuilder();
        Describe(type, text, []);
        return text.ToString();
    }

    private static void Describe(Type type, StringBuilder text, HashSet<Type> seen)
    {
        text.Append(type.Name);
        if (type.IsEnum) text.Append('(').AppendJoin(',', Enum.GetNames(type)).Append(')');
        if (type.HasElementType) Describe(type.GetElementType()!, text, seen);
        foreach (var argument in type.GetGenericArguments()) Describe(argument, text.Append('<'), seen);
        // The base library's types have no shape of ours, and a type that holds itself is described once.
        if (type.IsEnum || IsOfTheBaseLibrary(type) || !seen.Add(type)) return;
        text.Append('{');
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.OrderBy(property => property.Name, StringComparer.Ordinal))
            Describe(property.PropertyType, text.Append(property.Name).Append(':'), seen);
        text.Append('}');
    }

    private static bool IsOfTheBaseLibrary(Type type) => type.Namespace?.Split('.')[0] == "System";
}
