using Atomic.LocalHost.Runtime.Discovery;

namespace Atomic.LocalHost.CommandLine;

/// <summary>The functions as the host prints them: what triggers each.</summary>
internal static class Listing
{
    public static IEnumerable<string> Of(FunctionCatalog functions)
    {
        var rows = new List<(string Trigger, string Function, string When)>();
        rows.AddRange(functions.Http.Select(each => (
            "http", each.Function.Name, $"{(each.Methods.Count == 0 ? "any" : string.Join(",", each.Methods))} {each.Path}")));
        rows.AddRange(functions.Messages.Select(each => (
            each.IsBatched ? "service bus, batch" : "service bus", each.Function.Name, each.Source.Path + (each.IsSessionsEnabled ? ", by session" : ""))));
        rows.AddRange(functions.Timers.Select(each => ("timer", each.Function.Name, each.Schedule.ToString())));
        rows.AddRange(functions.Orchestrators.Select(each => ("orchestration", each.Function.Name, "")));
        rows.AddRange(functions.Activities.Select(each => ("activity", each.Function.Name, "")));
        var (trigger, function) = (rows.Max(row => row.Trigger.Length), rows.Max(row => row.Function.Length));
        return rows.Select(row => $"  {row.Trigger.PadRight(trigger)}  {row.Function.PadRight(function)}  {row.When}".TrimEnd());
    }
}
