using Atomic.EventSourcing;
using Atomic.Functions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>How projections stand, rebuilding them, and switching to what was built.</summary>
public sealed class ProjectionsFunctions(IProjectionStates states, ProjectionVersions versions, ProjectionLagProbe lag)
{
    [Function(nameof(ListProjections))]
    public Task<IResult> ListProjections(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/projections")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var items = await Task.WhenAll(ProjectionCatalog.All.Select(async projection =>
            await ViewAsync(await states.LoadAsync(projection.Name, cancellation), client, cancellation)));
        return Endpoint.Json(new { items });
    });

    [Function(nameof(StartRebuild))]
    public Task<IResult> StartRebuild(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/projections/{name}/rebuild")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var projection = Find(name);
        await GiveUpBrokenAsync(projection.Name, client, cancellation);
        var state = await versions.RebuildAsync(projection.Name, cancellation) ?? await states.LoadAsync(projection.Name, cancellation);
        var instance = RebuildOrchestrator.InstanceOf(projection.Name, state.Last);
        // A version under way without an orchestration is one whose start was cut short: it is started now.
        if (state.Other is not { Stage: VersionStage.Building } building || await client.GetInstanceAsync(instance, cancellation) is not null)
            throw UnderWay(state);
        await BeginAsync(client, state, instance, new Rebuild(projection.Name, building.Number), cancellation);
        request.HttpContext.Response.Headers.Location = "/api/projections";
        return Endpoint.Json(await ViewAsync(state, client, cancellation), StatusCodes.Status202Accepted);
    });

    [Function(nameof(SwitchProjection))]
    public Task<IResult> SwitchProjection(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/projections/{name}/switch")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var projection = Find(name);
        if (await versions.SwitchAsync(projection.Name, cancellation) is { } switched) return Endpoint.Json(await ViewAsync(switched, client, cancellation));
        var state = await states.LoadAsync(projection.Name, cancellation);
        throw new ProblemException(StatusCodes.Status409Conflict, "There is nothing to switch to.", state.Other is { } other
            ? $"Version {other.Number} of {projection.Name} is not ready."
            : $"{projection.Name} has version {state.Active.Number} alone; rebuild it first.");
    });

    // Of two at once that find no instance the engine takes one.
    private static async Task BeginAsync(
        DurableTaskClient client, ProjectionState state, string instance, Rebuild rebuild, CancellationToken cancellation)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(RebuildOrchestrator.RebuildProjection), rebuild, new StartOrchestrationOptions(instance), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await client.GetInstanceAsync(instance, cancellation) is null) throw;
            throw UnderWay(state);
        }
    }

    private static ProblemException UnderWay(ProjectionState state) => new(
        StatusCodes.Status409Conflict, "It is being rebuilt.", $"Version {state.Last} of {state.Projection} is under way; one is built at a time.");

    // Whoever ended the orchestration from outside left its version under way for ever.
    private async Task GiveUpBrokenAsync(string projection, DurableTaskClient client, CancellationToken cancellation)
    {
        var state = await states.LoadAsync(projection, cancellation);
        if (state.Other is not { Stage: VersionStage.Building } building) return;
        var instance = await client.GetInstanceAsync(RebuildOrchestrator.InstanceOf(projection, building.Number), cancellation);
        if (instance?.IsCompleted == true) await versions.GiveUpAsync(projection, building.Number, cancellation);
    }

    private static ProjectionType Find(string name) => ProjectionCatalog.Find(name)
        ?? throw ProblemException.NotFound($"The projection '{name}' (there are: {string.Join(", ", ProjectionCatalog.All.Select(projection => projection.Name))})");

    private async Task<ProjectionOverview> ViewAsync(ProjectionState state, DurableTaskClient client, CancellationToken cancellation)
    {
        var rebuild = state.Other is { Stage: VersionStage.Building or VersionStage.Ready } other
            ? await client.GetInstanceAsync(RebuildOrchestrator.InstanceOf(state.Projection, other.Number), getInputsAndOutputs: true, cancellation)
            : null;
        return new ProjectionOverview(
            state.Projection,
            state.Fed,
            await lag.MeasureAsync(state.Projection, cancellation),
            [.. state.Blocked.Where(row => state.Fed.Any(version => version.Number == row.Version))],
            rebuild?.ReadCustomStatusAs<RebuildProgress>());
    }
}

/// <summary>A projection as the HTTP API shows it.</summary>
/// <param name="Versions">The active one first.</param>
/// <param name="Blocked">Rows that stand still, with the event that they cannot take.</param>
/// <param name="Rebuild">How far the version under way, or ready, has come.</param>
public sealed record ProjectionOverview(
    string Name, IEnumerable<ProjectionVersion> Versions, ProjectionLag Lag, IReadOnlyList<BlockedRow> Blocked, RebuildProgress? Rebuild);
