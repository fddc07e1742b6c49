using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>A definition as the HTTP API shows it.</summary>
/// <param name="Deadline">How long the whole may take until the pivot; null when it may take any time.</param>
/// <param name="Cost">What it uses in each coupling, for each way in which it can end, with all its conditional steps.</param>
/// <param name="LastVerdict">Null where it was never verified.</param>
public sealed record DefinitionView(
    string Name, int Version, string Pivot, TimeSpan? Deadline, IReadOnlyList<DefinedStep> Steps, IReadOnlyList<PredictedCost> Cost,
    LastVerdict? LastVerdict)
{
    public static DefinitionView Of(Definition definition, TransactionCosts costs, LastVerdict? verdict) => new(
        definition.Name, definition.Version, definition.Pivot, definition.Deadline,
        [.. definition.Steps.Select(step => DefinedStep.Of(definition, step))], [.. costs.Of(definition)], verdict);
}

/// <summary>A step of a definition.</summary>
/// <param name="After">The steps that must have succeeded before it.</param>
/// <param name="Conditional">Whether the input decides if it is there at all.</param>
public sealed record DefinedStep(
    string Name, string Participant, string Command, string? Compensation, StepKind Kind, IReadOnlyList<string> After, bool Conditional,
    bool NothingToUndo, bool Held, TimeSpan? DecisionLimit)
{
    public static DefinedStep Of(Definition definition, StepDefinition step) => new(
        step.Name, step.Participant, step.Command, step.Compensation, definition.KindOf(step.Name), step.After, step.When is not null,
        step.NothingToUndo, step.IsHeld, step.DecisionLimit);
}

/// <summary>What can be started: each definition in its newest version.</summary>
public sealed class DefinitionsFunctions(TransactionCatalog catalog, TransactionCosts costs, IVerdicts verdicts)
{
    [Function(nameof(ListDefinitions))]
    public Task<IResult> ListDefinitions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/definitions")] HttpRequest request,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, []);
        var items = new List<DefinitionView>();
        foreach (var name in catalog.Names) items.Add(await ShowAsync(catalog.Newest(name)!.Definition, cancellation));
        return Endpoint.Json(new { items });
    });

    [Function(nameof(GetDefinition))]
    public Task<IResult> GetDefinition(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/definitions/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var type = catalog.Newest(name) ?? throw ProblemException.NotFound($"The definition '{name}'");
        return Endpoint.Json(await ShowAsync(type.Definition, cancellation));
    });

    private async Task<DefinitionView> ShowAsync(Definition definition, CancellationToken cancellation) =>
        DefinitionView.Of(definition, costs, await verdicts.FindAsync(definition.Name, definition.Version, cancellation));
}
