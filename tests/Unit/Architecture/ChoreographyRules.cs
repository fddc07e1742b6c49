using System.Reflection;
using System.Text.RegularExpressions;

namespace Atomic.Unit.Architecture;

/// <summary>
/// In coupling <c>events</c> nobody coordinates: what participants do follows from what they hear. So nothing that hears can ask an
/// orchestrator, the tracker, or who shows what those know.
/// </summary>
internal static class ChoreographyRules
{
    private static readonly string[] Folders = ["src/Functions/Choreography", "src/Functions/Participants"];

    private static readonly string[] NotAsked =
        ["Atomic.Functions.Orchestration", "Atomic.Functions.Tracking", "Atomic.Functions.Http", "Atomic.Functions.Watch", "Microsoft.DurableTask"];

    public static IEnumerable<string> OfSources(IEnumerable<SourceFile> files) =>
        from file in files
        where Folders.Any(file.IsIn)
        from asked in NotAsked
        where file.Usings.Any(used => IsWithin(used, asked)) || Regex.IsMatch(file.Code, $@"(?<!\w){asked.Split('.')[^1]}\s*\.")
        select $"{file.Path} knows {asked}";

    /// <summary>What is handed to the constructors of <paramref name="roots"/>, and to those of what is handed to them.</summary>
    public static IEnumerable<string> OfDependencies(IEnumerable<Type> roots, IReadOnlyCollection<Type> implementations)
    {
        var (seen, open) = (new HashSet<Type>(), new Queue<(Type Type, string Path)>(roots.Select(root => (root, root.Name))));
        while (open.TryDequeue(out var next))
        {
            if (!seen.Add(next.Type)) continue;
            if (NotAsked.Any(asked => IsWithin(next.Type.Namespace ?? "", asked))) yield return next.Path;
            foreach (var needed in NeededBy(next.Type, implementations)) open.Enqueue((needed, $"{next.Path} > {needed.Name}"));
        }
    }

    /// <summary>Functions that hear a fact, with a client of the engine at hand.</summary>
    public static IEnumerable<string> OfFunctions(IEnumerable<Type> types) =>
        from type in types
        from method in HearingIn(type)
        from parameter in method.GetParameters()
        where IsWithin(parameter.ParameterType.Namespace ?? "", "Microsoft.DurableTask")
        select $"{type.Name}.{method.Name} is given a {parameter.ParameterType.Name}";

    /// <summary>The functions of a class that facts are delivered to.</summary>
    public static IEnumerable<MethodInfo> HearingIn(Type type) => type.GetMethods().Where(method =>
        method.Name.StartsWith("Hear", StringComparison.Ordinal)
        && method.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "FunctionAttribute"));

    private static IEnumerable<Type> NeededBy(Type type, IReadOnlyCollection<Type> implementations)
    {
        var parameters = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(made => made.GetParameters());
        var parts = type.IsGenericType ? type.GetGenericArguments() : [];
        return parameters.Select(parameter => parameter.ParameterType).Concat(parts)
            .Concat(implementations.Where(other => other != type && (type.IsInterface || type.IsAbstract) && other.IsAssignableTo(type)))
            .Where(needed => !needed.IsGenericParameter);
    }

    private static bool IsWithin(string name, string parent) => name == parent || name.StartsWith($"{parent}.", StringComparison.Ordinal);
}
