using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>A definition as the HTTP API shows it.</summary>
/// <param name="Deadline">How long the whole may take until the pivot; null when it may take any time.</param>
/// <param name="Cost">What it uses in each coupling, for each way in which it can end, with all its conditional steps.</param>
public sealed record DefinitionView(
    string Name, int Version, string Pivot, TimeSpan? Deadline, IReadOnlyList<DefinedStep> Steps, IReadOnlyList<PredictedCost> Cost)
{
    public static DefinitionView Of(Definition definition, TransactionCosts costs) => new(
        definition.Name, definition.Version, definition.Pivot, definition.Deadline,
        [.. definition.Steps.Select(step => DefinedStep.Of(definition, step))], [.. costs.Of(definition)]);
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
public sealed class DefinitionsFunctions(TransactionCatalog catalog, TransactionCosts costs)
{
    [Function(nameof(ListDefinitions))]
    public Task<IResult> ListDefinitions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/definitions")] HttpRequest request) => Endpoint.AnswerAsync(() =>
    {
        Endpoint.RequireKnown(request, []);
        var items = catalog.Names.Select(name => DefinitionView.Of(catalog.Newest(name)!.Definition, costs));
        return Task.FromResult(Endpoint.Json(new { items }));
    });

    [Function(nameof(GetDefinition))]
    public Task<IResult> GetDefinition(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/definitions/{name}")] HttpRequest request,
        string name) => Endpoint.AnswerAsync(() =>
    {
        var type = catalog.Newest(name) ?? throw ProblemException.NotFound($"The definition '{name}'");
        return Task.FromResult(Endpoint.Json(DefinitionView.Of(type.Definition, costs)));
    });
}
