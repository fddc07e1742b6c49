using System.Globalization;
using System.Text;

namespace Atomic.Transactions;

/// <summary>
/// A definition as text, one line a step: what must not change while transactions run under its version. Two definitions with the same
/// text coordinate alike; what their commands hold is not in it.
/// </summary>
public static class DefinitionText
{
    public static string Describe(this Definition definition)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{definition.Name} v{definition.Version}, input {definition.InputType.Name}");
        text.Append(CultureInfo.InvariantCulture, $", pivot {definition.Pivot}, deadline {Text(definition.Deadline)}\n");
        foreach (var step in definition.Declared.Steps) text.Append(Describe(definition, step)).Append('\n');
        return text.ToString();
    }

    private static string Describe(Definition definition, StepDefinition step)
    {
        string[] marks =
        [
            .. step.NothingToUndo ? ["nothing to undo"] : Array.Empty<string>(),
            .. step.IsHeld ? ["held"] : Array.Empty<string>(),
            .. step.When is null ? Array.Empty<string>() : ["conditional"],
            .. step.DecisionLimit is null ? Array.Empty<string>() : [$"decision within {Text(step.DecisionLimit)}"],
        ];
        var retry = string.Create(CultureInfo.InvariantCulture,
            $"{step.Retry.Attempts} attempts, {Text(step.Retry.First)} to {Text(step.Retry.Longest)}, limit {Text(step.Retry.Limit)}");
        return $"{step.Name} ({definition.KindOf(step.Name)}): {step.Participant}/{step.Command}, undone by {step.Compensation ?? "-"}, "
            + $"after {(step.After.Count == 0 ? "-" : string.Join(" ", step.After))}, {retry}{string.Concat(marks.Select(mark => $", {mark}"))}";
    }

    private static string Text(TimeSpan? time) => time?.ToString("c", CultureInfo.InvariantCulture) ?? "-";
}
