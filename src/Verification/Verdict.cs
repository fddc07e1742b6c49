using System.Globalization;
using System.Text;
using Atomic.Verification.Faults;

namespace Atomic.Verification;

/// <summary>What was found out about a scenario: how much was tried, and what was wrong.</summary>
/// <param name="Covered">How many runs were made, and how many different states of the steps' records they went through.</param>
/// <param name="Violations">Empty when every run ended as it must.</param>
public sealed record Verdict(
    string Scenario, IReadOnlyList<string> Couplings, IReadOnlyList<Coverage> Covered, IReadOnlyList<Violation> Violations, TimeSpan Took)
{
    private static readonly string[] Counted = ["runs", "states"];

    public int Runs => Covered.Sum(one => one.Runs);

    /// <summary>A table of what was tried, a row a kind of fault, and whatever is wrong with how to repeat it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Scenario}: {Runs} runs, {Violations.Count} violations, {Took.TotalSeconds:0.00} s");
        text.AppendLine(Row("", Couplings.SelectMany(coupling => new[] { coupling, "" })));
        text.AppendLine(Row("fault", Couplings.SelectMany(_ => Counted)));
        foreach (var kind in Covered.GroupBy(one => one.Class).OrderBy(kind => kind.Key))
        {
            var cells = Couplings.Select(coupling => kind.FirstOrDefault(one => one.Coupling == coupling));
            text.AppendLine(Row(NameOf(kind.Key), cells.SelectMany(cell => new[] { $"{cell?.Runs ?? 0}", $"{cell?.States ?? 0}" })));
        }

        foreach (var violation in Violations) text.AppendLine().Append(violation);
        return text.ToString();
    }

    private static string Row(string name, IEnumerable<string> cells) => $"  {name,-16}{string.Concat(cells.Select(cell => $"{cell,9}"))}".TrimEnd();

    private static string NameOf(FaultClass kind) => kind switch
    {
        FaultClass.None => "none",
        FaultClass.Refused => "refused",
        FaultClass.FailsBefore => "fails before",
        FaultClass.FailsAfter => "fails after",
        FaultClass.ReplyLost => "reply lost",
        FaultClass.LateEffect => "late effect",
        FaultClass.DeliveredTwice => "delivered twice",
        FaultClass.OutOfOrder => "out of order",
        FaultClass.UndoFails => "undo fails",
        FaultClass.Crash => "crash",
        FaultClass.Cancel => "cancel",
        _ => "deadline",
    };
}

/// <summary>What was tried of one kind of fault in one coupling.</summary>
public sealed record Coverage(FaultClass Class, string Coupling, int Runs, int States);

/// <summary>A run that did not end as it must.</summary>
/// <param name="Fault">What went wrong in it; its name repeats it.</param>
/// <param name="Seed">Of the order in which things happened; null for the order in which they became possible.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Sequence">How it came about, as a sequence diagram in Mermaid; null for all but the first few.</param>
public sealed record Violation(string Scenario, string Coupling, SingleFault Fault, int? Seed, IReadOnlyList<string> What, string? Sequence)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Scenario} in {Coupling}, {Fault.Name}{(Fault.Where is null ? "" : $" ({Fault.Where})")}:");
        foreach (var what in What) text.AppendLine(CultureInfo.InvariantCulture, $"  {what}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  repeat it with --coupling {Coupling}{(Seed is null ? "" : $" --seed {Seed}")} --fault \"{Fault.Name}\"");
        if (Sequence is not null) text.Append(Sequence);
        return text.ToString();
    }
}

/// <summary>A definition does not keep its promise: some run is neither all, nor nothing, nor parked with a reason.</summary>
public sealed class VerificationException(Verdict verdict) : Exception(verdict.ToString())
{
    public Verdict Verdict { get; } = verdict;
}
