using System.Text.RegularExpressions;

namespace Atomic.Integration.Infrastructure;

/// <summary>Something that the app logs, as it is declared.</summary>
/// <param name="Properties">What its template names: the exporter makes a property of each.</param>
/// <param name="HasException">Whether it is told with an exception: the exporter then files it among the exceptions, and not among the traces.</param>
internal sealed partial record LogMessage(string Name, IReadOnlyList<string> Properties, bool HasException)
{
    public static IReadOnlyDictionary<string, LogMessage> Read(string source) => Declaration().Matches(source)
        .Select(match => new LogMessage(
            match.Groups["name"].Value,
            [.. Placeholder().Matches(match.Groups["template"].Value).Select(each => each.Groups[1].Value)],
            Exception().IsMatch(match.Groups["parameters"].Value)))
        .ToDictionary(message => message.Name);

    [GeneratedRegex("""\[LoggerMessage\(\d+, LogLevel\.\w+, "(?<template>[^"]*)"\)\]\s+public static partial void (?<name>\w+)\((?<parameters>[^)]*)\);""")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\bException\??\s+\w+")]
    private static partial Regex Exception();
}
