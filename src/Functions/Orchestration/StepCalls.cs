using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Participants;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.DurableTask;

namespace Atomic.Functions.Orchestration;

/// <summary>How one call of a step ended.</summary>
/// <param name="Answer">Null when the outcome is unknown.</param>
/// <param name="Failure">Why it is unknown.</param>
/// <param name="IsFinal">Another try is of no use.</param>
internal sealed record Outcome(Answer? Answer, string? Failure = null, bool IsFinal = false)
{
    /// <summary>What its participant has told to have used; of a try that failed, nothing.</summary>
    public Usage Used { get; init; } = Usage.None;

    /// <summary>The answer of a participant; one that says that trying again is of no use leaves the outcome unknown, too.</summary>
    public static Outcome Of(Answer answer) => (answer.IsFatal ? new Outcome(null, answer.Reason, IsFinal: true) : new Outcome(answer)) with
    {
        Used = new Usage(answer.Requests, answer.Sent, answer.Delivered),
    };
}

/// <summary>How an orchestrator reaches a participant: the whole difference between its two couplings.</summary>
internal interface IStepCalls
{
    /// <summary>The time limit of a try whose step declares none.</summary>
    TimeSpan? Limit { get; }

    /// <summary>What a call uses on its way, beside its activity.</summary>
    Usage Sending { get; }

    Task<Outcome> CallAsync(StepTry call, StepDefinition step, object input);
}

/// <summary>Coupling <c>requests</c>: an activity a call. One that throws has an unknown outcome.</summary>
internal sealed class ActivityCalls(TaskOrchestrationContext context) : IStepCalls
{
    // The engine delivers an activity until it ends, so there is always an answer or a failure.
    public TimeSpan? Limit => null;

    public Usage Sending => Usage.None;

    public async Task<Outcome> CallAsync(StepTry call, StepDefinition step, object input)
    {
        var (name, command) = step.CommandOf(call.Act, input);
        try
        {
            return Outcome.Of(await context.CallActivityAsync<Answer>(name, new StepCall<object>(call, command)));
        }
        catch (TaskFailedException e)
        {
            return new Outcome(null, e.FailureDetails.ErrorMessage);
        }
    }
}

/// <summary>Coupling <c>commands</c>: a command on the participant's queue, sent by an activity; its reply comes as an external event.</summary>
internal sealed class CommandCalls(TaskOrchestrationContext context, Replies replies) : IStepCalls
{
    // When the run began tells it from every other of the instance, and is the same in each replay.
    private readonly string _run = new DateTimeOffset(context.CurrentUtcDateTime).ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);

    /// <summary>A reply can be lost for good, with its message.</summary>
    public TimeSpan? Limit { get; } = Coupling.PatienceOf(Coupling.Commands);

    public Usage Sending => Usage.Message();

    public async Task<Outcome> CallAsync(StepTry call, StepDefinition step, object input)
    {
        var (name, command) = step.CommandOf(call.Act, input);
        var reply = replies.ExpectAsync(call.Id);
        try
        {
            var data = JsonSerializer.SerializeToElement(command, command.GetType(), StorageJson.Options);
            await context.CallActivityAsync<bool>(
                nameof(SendStepCommandFunction.SendStepCommand), new StepCommand(call, step.Participant, name, data, step.Retry.Limit ?? Limit, _run));
        }
        catch (TaskFailedException e)
        {
            return new Outcome(null, e.FailureDetails.ErrorMessage);
        }

        return await reply;
    }
}

/// <summary>
/// The replies that are waited for, by the message that they answer. A reply to an earlier try is as good while its act is under way; a
/// doubled one, and one that comes after its act has ended, is dropped.
/// </summary>
internal sealed class Replies
{
    private readonly Dictionary<string, TaskCompletionSource<Outcome>> _expected = [];
    private readonly Dictionary<string, TaskCompletionSource<Outcome>> _awaited;

    /// <param name="awaited">Beginnings of the ids of messages that others may send at any time, before their step is reached, too.</param>
    public Replies(IEnumerable<string> awaited) => _awaited = awaited.ToDictionary(id => id, _ => new TaskCompletionSource<Outcome>());

    /// <summary>The reply to the first of the messages whose ids begin so.</summary>
    public Task<Outcome> ToAnyAsync(string beginning) => _awaited[beginning].Task;

    public Task<Outcome> ExpectAsync(string message) => (_expected[message] = new TaskCompletionSource<Outcome>()).Task;

    public void Deliver(CommandReply reply)
    {
        var beginning = reply.Id[..Math.Max(0, reply.Id.LastIndexOf(':'))];
        if (!_expected.Remove(reply.Id, out var waiting) && !_awaited.TryGetValue(beginning, out waiting)) return;
        var outcome = reply.Answer is null ? new Outcome(null, reply.Failure) : Outcome.Of(reply.Answer);
        waiting.TrySetResult(outcome with { Used = outcome.Used + Usage.Message() + new Usage(Raised: 1) });
    }

    public void Forget(IEnumerable<StepTry> calls)
    {
        foreach (var call in calls) _expected.Remove(call.Id);
    }
}
