using System.Text.Json;
using Atomic.Functions.Access;
using Atomic.Functions.Bus;
using Atomic.Functions.DeadLetters;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>Messages that were parked: listed by entity and reason, looked into, put back, thrown away.</summary>
public sealed class DeadLettersFunctions(DeadLetterBox box, DeadLetterDesk desk)
{
    [Function(nameof(ListDeadLetters))]
    public Task<IResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/dead-letters")] HttpRequest request,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        Endpoint.RequireKnown(request, ["entity", "reason"]);
        var entities = BusTopology.Declared.Entities.Where(entity => request.Query("entity") is not { } wanted || entity.ToString() == wanted).ToList();
        if (entities.Count == 0)
            throw ProblemException.Invalid("entity", $"'{request.Query("entity")}' is none of {string.Join(", ", BusTopology.Declared.Entities)}.");
        var read = await Task.WhenAll(entities.Select(async entity =>
            (entity, messages: await box.PeekAsync(entity, DeadLetterBox.MostListed, cancellation))));
        var items = read.SelectMany(each => each.messages.Select(message => DeadLetterView.Of(each.entity, message)))
            .Where(item => request.Query("reason") is not { } reason || item.Reason == reason)
            .OrderByDescending(item => item.EnqueuedAt).ToList();
        return Endpoint.Json(new
        {
            items,
            groups = items.GroupBy(item => (item.Entity, item.Reason)).Select(group => new { group.Key.Entity, group.Key.Reason, count = group.Count() }),
            more = read.Where(each => each.messages.Count == DeadLetterBox.MostListed).Select(each => each.entity.ToString()),
        });
    });

    [Function(nameof(GetDeadLetter))]
    public Task<IResult> GetDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/dead-letters/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var known = Parse(id);
        var message = await box.FindAsync(known, cancellation) ?? throw Gone(id);
        var detail = DeadLetterDetail.Of(known.Entity, message);
        return Endpoint.Json(detail with { Body = Redacted.Unless(request, detail.Body) });
    });

    [Function(nameof(ResubmitDeadLetter))]
    public Task<IResult> ResubmitDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/dead-letters/{id}/resubmit")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var known = Parse(id);
        var body = await Endpoint.ReadBodyAsync(request, cancellation);
        var act = body.Length == 0 ? new DeadLetterAct(null, null) : ClosedJson.Read<DeadLetterAct>(body, given => given.Problems(needsWhy: false));
        return await desk.ResubmitAsync(known, Caller.Of(request).ActsAs(act.By, DeadLetterAct.Unnamed), act.Why, cancellation)
            ? Endpoint.Json(new { id, entity = known.Entity.ToString() }, StatusCodes.Status202Accepted)
            : throw await NotTakenAsync(known, cancellation);
    });

    [Function(nameof(DiscardDeadLetter))]
    public Task<IResult> DiscardDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/dead-letters/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var known = Parse(id);
        var body = await Endpoint.ReadBodyAsync(request, cancellation);
        var act = body.Length > 0
            ? ClosedJson.Read<DeadLetterAct>(body, given => given.Problems(needsWhy: true))
            : new DeadLetterAct(request.Query("by"), request.Query("why") ?? request.Query("reason"));
        if (act.Problems(needsWhy: true).ToList() is { Count: > 0 } problems) throw ProblemException.Invalid(problems);
        return await desk.DiscardAsync(known, client, Caller.Of(request).ActsAs(act.By, DeadLetterAct.Unnamed), act.Why!, cancellation)
            ? Results.NoContent()
            : throw await NotTakenAsync(known, cancellation);
    });

    // Another receiver holds it, or more messages are before it than can be passed over.
    private async Task<ProblemException> NotTakenAsync(DeadLetterId id, CancellationToken cancellation) => await box.FindAsync(id, cancellation) is null
        ? Gone(id.ToString())
        : new ProblemException(
            StatusCodes.Status409Conflict, "It cannot be taken just now.", $"The dead letter '{id}' is being worked on, or too many are before it; try again.");

    private static DeadLetterId Parse(string id) => DeadLetterId.Parse(id) ?? throw Gone(id);

    private static ProblemException Gone(string id) => ProblemException.NotFound($"The dead letter '{id}'");
}

/// <summary>Who acts on a dead letter, and why.</summary>
internal sealed record DeadLetterAct(string? By, string? Why)
{
    public const string Unnamed = "unnamed";

    private const int Longest = 500;

    public IEnumerable<(string Field, string Problem)> Problems(bool needsWhy)
    {
        if (By is { Length: 0 or > 100 }) yield return ("by", "must have 1 to 100 characters.");
        if (Why?.Length > Longest) yield return ("why", $"may have at most {Longest} characters.");
        if (needsWhy && string.IsNullOrWhiteSpace(Why)) yield return ("why", "is required: say why it is thrown away.");
    }
}

/// <summary>A dead letter in a list.</summary>
public record DeadLetterView(
    string Id, string Entity, string MessageId, string? Subject, string Reason, string? Description, DateTimeOffset EnqueuedAt, int Deliveries,
    string? CorrelationId)
{
    public static DeadLetterView Of(BusEntity entity, ServiceBusReceivedMessage message) => new(
        new DeadLetterId(entity, message.SequenceNumber).ToString(), entity.ToString(), message.MessageId ?? "", message.Subject, DeadLetterDesk.ReasonOf(message),
        message.DeadLetterErrorDescription, message.EnqueuedTime, message.DeliveryCount, message.CorrelationId);
}

/// <summary>A dead letter with all that is in it.</summary>
public sealed record DeadLetterDetail(DeadLetterView Message, string? ContentType, IReadOnlyDictionary<string, object> Properties, object Body)
{
    public static DeadLetterDetail Of(BusEntity entity, ServiceBusReceivedMessage message) =>
        new(DeadLetterView.Of(entity, message), message.ContentType, message.ApplicationProperties, BodyOf(message));

    // As JSON where it is some, so that it can be read; as text where it is not.
    private static object BodyOf(ServiceBusReceivedMessage message)
    {
        try
        {
            return JsonDocument.Parse(message.Body.ToMemory()).RootElement;
        }
        catch (JsonException)
        {
            return message.Body.ToString();
        }
    }
}
