using System.Text.RegularExpressions;

namespace Atomic.Unit.Architecture;

/// <summary>Conventions of function classes and logs.</summary>
internal static partial class FunctionRules
{
    // Function name = method name = nameof, so that a search for one finds the other, and a rename keeps them together.
    public static IEnumerable<string> OfNames(IEnumerable<SourceFile> files) =>
        from file in files
        from Match function in FunctionAttribute().Matches(file.Text)
        let name = function.Groups["name"].Value.Trim()
        let method = MethodName().Match(file.Text, function.Index + function.Length).Groups["method"].Value
        where name != $"nameof({method})"
        select $"{file.Path}: the function of {method} is named by {name}, not by nameof({method})";

    public static IEnumerable<string> OfLogs(IEnumerable<SourceFile> files) =>
        files.Where(file => !file.Path.EndsWith("/Logs.cs", StringComparison.Ordinal) && LoggerMessage().IsMatch(file.Code))
            .Select(file => $"{file.Path} has [LoggerMessage]; log messages live in Logs.cs");

    /// <summary>An orchestrator is replayed: whatever it does not take from its context differs the second time.</summary>
    public static IEnumerable<string> OfOrchestrators(IEnumerable<SourceFile> files, IReadOnlyList<BannedSymbol> banned) =>
        from file in files
        where OrchestrationTrigger().IsMatch(file.Code)
        from symbol in banned
        where Regex.IsMatch(file.Code, $@"(?<![\w]){Regex.Escape(symbol.InCode)}(?!\w)")
        select $"{file.Path} names {symbol.InCode}: {symbol.Instead}; an orchestrator takes it from its context";

    // In a list of attributes too, and with the argument as it stands: [Function(nameof(PlaceOrder))].
    [GeneratedRegex(@"(?<=[\[,]\s*)Function\((?<name>(?:[^()]|\([^()]*\))*)\)")]
    private static partial Regex FunctionAttribute();

    // The method that follows: a name before its parameters, after a return type and not inside an attribute.
    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|static|async|virtual|override)\s+)+[^\n(=]+?\s(?<method>\w+)\s*\(", RegexOptions.Multiline)]
    private static partial Regex MethodName();

    [GeneratedRegex(@"[\[,]\s*(?:\w+:\s*)?LoggerMessage(?:Attribute)?\s*[(\],]")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex(@"[\[,]\s*OrchestrationTrigger\b")]
    private static partial Regex OrchestrationTrigger();
}
