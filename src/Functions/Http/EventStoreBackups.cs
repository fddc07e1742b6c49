using System.Globalization;
using Atomic.Functions.Access;
using Atomic.Functions.Backups;
using Atomic.TableStorage.Export;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>The exports of the event store, and restoring it from one.</summary>
public sealed class EventStoreBackupsFunctions(EventStoreRestore restore, RestoreMarks marks, TimeProvider time)
{
    [Function(nameof(ListEventStoreExports))]
    public Task<IResult> ListEventStoreExports(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/event-store/exports")] HttpRequest request,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () => Endpoint.Json(new { days = await restore.DaysAsync(cancellation) }));

    [Function(nameof(StartRestore))]
    public Task<IResult> StartRestore(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/event-store/restore")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var asked = ClosedJson.Read<RestoreAsked>(await Endpoint.ReadBodyAsync(request, cancellation), given => given.Problems());
        if (!(await restore.DaysAsync(cancellation)).Contains(asked.Day)) throw ProblemException.NotFound($"A whole export of {asked.Day}");
        var instance = RestoreOrchestrator.InstanceOf(asked.Day);
        if (await client.GetInstanceAsync(instance, cancellation) is { IsCompleted: false })
            throw new ProblemException(StatusCodes.Status409Conflict, "It is being restored.", $"The export of {asked.Day} is being restored already.");
        // Before anything is written: however it ends, transactions of now may be ahead of their streams.
        await marks.PutAsync(new RestoreMark(asked.Day, time.GetUtcNow(), null), cancellation);
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(RestoreOrchestrator.RestoreEventStore), new RestoreOrder(asked.Day, Caller.Of(request).ActsAs(asked.By, asked.By), asked.Why),
            new StartOrchestrationOptions(instance), cancellation);
        request.HttpContext.Response.Headers.Location = $"/api/event-store/restore/{asked.Day}";
        return Endpoint.Json(new { asked.Day, statusUrl = $"/api/event-store/restore/{asked.Day}" }, StatusCodes.Status202Accepted);
    });

    [Function(nameof(GetRestore))]
    public Task<IResult> GetRestore(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/event-store/restore/{day}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string day,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var instance = RestoreAsked.IsDay(day)
            ? await client.GetInstanceAsync(RestoreOrchestrator.InstanceOf(day), getInputsAndOutputs: true, cancellation)
            : null;
        if (instance is null) throw ProblemException.NotFound($"A restore of {day}");
        return Endpoint.Json(new
        {
            day,
            state = instance.RuntimeStatus.ToString(),
            order = instance.ReadInputAs<RestoreOrder>(),
            progress = instance.ReadCustomStatusAs<RestoreProgress>(),
            reason = instance.FailureDetails?.ErrorMessage,
        });
    });
}

/// <summary>Which export to restore, who asks, and why.</summary>
internal sealed record RestoreAsked(string Day, string By, string Why)
{
    public static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public IEnumerable<(string Field, string Problem)> Problems()
    {
        if (!IsDay(Day)) yield return ("day", "must be a day, as in 2030-01-31.");
        if (By.Length is 0 or > 100) yield return ("by", "must have 1 to 100 characters.");
        if (Why.Length is 0 or > 500) yield return ("why", "must have 1 to 500 characters.");
    }
}
