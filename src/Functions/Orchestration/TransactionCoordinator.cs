using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Participants;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>
/// Runs one transaction: starts what the rule says is owed, listens for answers, replies, orders and the deadline, and at the end tells
/// the tracker in one message.
/// </summary>
internal sealed class TransactionCoordinator(TaskOrchestrationContext context, TransactionType type, TransactionStart start)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly Usage Told = Usage.Message();

    private readonly List<Task> _working = [];
    private readonly Dictionary<string, StepWork> _steps = [];
    private readonly ILogger _log = context.CreateReplaySafeLogger<TransactionOrchestrator>();
    private Recalled _recalled = new(start.Corrections, null);

    private string TooLate => $"The deadline of {type.Definition.Deadline} has passed.";

    public async Task<TransactionStatus> RunAsync()
    {
        var input = type.Restore(start.Input);
        var run = new TransactionRun(type.Definition.For(input), context.CurrentUtcDateTime)
        {
            AsksFirst = start.AsksFirst(context.CurrentUtcDateTime),
            RecordsCommit = start.RecordsCommit,
        };
        // Who started it has told those who watch.
        run.Use(new Usage(Orchestrations: 1) + Told);
        var replies = new Replies(
            run.Definition.Steps.Where(step => step.DecisionLimit is not null).Select(step => StepTry.AnswerOf(context.InstanceId, step.Name)));
        using var signals = new Signals(context);
        using var coordination = new Coordination(context, run, replies)
        {
            Calls = start.Coordination == Coupling.Commands ? new CommandCalls(context, replies) : new ActivityCalls(context),
            TraceParent = start.TraceParent,
            RecordMeanwhile = () => _working.Add(RecordAsync(run)),
        };
        if (start.HasRunBefore || start.RecordsCommit) coordination.Settle = (step, reason) => _working.Add(SettleAsync(step, reason));
        Logs.TransactionStarted(coordination.Log, coordination.Transaction, start.Definition, start.Version);
        if (run.AsksFirst) await RecallAsync(coordination);
        using (var deadline = type.Definition.Deadline is { } limit ? coordination.Alarms.After(start.Left(limit, context.CurrentUtcDateTime)) : null)
        {
            while (!Advance(coordination, input))
            {
                var late = deadline is not null && !deadline.Rings.IsCompleted ? deadline.Rings : null;
                await Task.WhenAny([.. _working, .. signals.Next(), .. late is null ? Array.Empty<Task>() : [late]]);
                Hear(signals, coordination);
                if (late is { IsCompleted: true }) coordination.RefusePivot(TooLate);
                foreach (var finished in _working.Where(work => work.IsCompleted).ToList())
                {
                    _working.Remove(finished);
                    await finished;
                }
            }
        }

        Logs.TransactionEnded(coordination.Log, coordination.Transaction, $"{run.State}");
        await RecordAsync(run);
        return run.Status();

        Task SettleAsync(StepDefinition step, string reason) =>
            step.IsCommit ? CommitAsync(coordination, Act.Refuse, reason) : WorkOn(step, coordination, input).SettleAsync(reason);
    }

    /// <summary>Begins what is owed and shows how it stands; true at the end.</summary>
    private bool Advance(Coordination coordination, object input)
    {
        var run = coordination.Run;
        foreach (var (step, owed) in run.TakeOwed(context.CurrentUtcDateTime))
        {
            _working.Add(step.IsCommit ? CommitAsync(coordination, Act.Do, "An earlier run had it refused.") : WorkOn(step, coordination, input).CarryOutAsync(owed));
        }

        coordination.Show();
        return run.HasEnded;
    }

    private StepWork WorkOn(StepDefinition step, Coordination coordination, object input)
    {
        if (!_steps.TryGetValue(step.Name, out var work))
            _steps[step.Name] = work = new StepWork(coordination, step, type, input, _recalled.Corrections?.GetValueOrDefault(step.Name) ?? []);
        return work;
    }

    private static void Hear(Signals signals, Coordination coordination)
    {
        if (signals.TakeReply() is { } reply) coordination.Replies.Deliver(reply);
        if (signals.TakeOrder() is { } order) coordination.Take(order);
    }

    /// <summary>Learns what was asked of the run before, and does nothing that a cancel or the deadline forbids already.</summary>
    private async Task RecallAsync(Coordination coordination)
    {
        var before = new RunBefore(context.InstanceId, start.Definition, start.Version);
        _recalled = await CallAsync<Recalled>(coordination.Run, Usage.None, nameof(RecallTransactionFunction.RecallTransaction), () => before);
        var isLate = type.Definition.Deadline is { } limit && start.Left(limit, context.CurrentUtcDateTime) == TimeSpan.Zero;
        if ((_recalled.Cancelled ?? (isLate ? TooLate : null)) is { } reason) coordination.RefusePivot(reason);
    }

    /// <summary>The implicit pivot, as far as this run's history does not tell of it.</summary>
    /// <param name="why">Of a refusal.</param>
    private async Task CommitAsync(Coordination coordination, Act act, string why)
    {
        var (run, commit) = (coordination.Run, coordination.Run.Definition[StepDefinition.Commit]);
        var made = StepTry.Of(run.Definition, commit, context.InstanceId, act, run.Tried(commit.Name)) with { TraceParent = start.TraceParent };
        var answer = await CallAsync<Answer>(
            run, Usage.None, nameof(TransactionsParticipant.CommitTransaction), () => new StepCall<CommitTransaction>(made, new CommitTransaction()));
        run.Use(Outcome.Of(answer).Used);
        run.Hear(Participation.FactOfSettling(commit.Name, answer.Accepted, tooLate: true, null, _recalled.Cancelled ?? why), coordination.Now, answer.Tokens);
        coordination.TellFailure();
    }

    /// <summary>Publishes the facts so far: the tracker must hear of every end, and of everything that is parked.</summary>
    private async Task RecordAsync(TransactionRun run) => await CallAsync<bool>(
        run, Told, nameof(RecordTransactionFunction.RecordTransaction),
        () => TransactionRecord.Of(start.ToHeader(context.InstanceId), run, context.CurrentUtcDateTime));

    /// <summary>An activity beside those of the steps. It is called until it works.</summary>
    private async Task<TResult> CallAsync<TResult>(TransactionRun run, Usage used, string activity, Func<object> input)
    {
        while (true)
        {
            run.CountActivity();
            run.Use(used);
            context.SetCustomStatus(run.Status());
            try
            {
                return await context.CallActivityAsync<TResult>(activity, input());
            }
            catch (TaskFailedException e)
            {
                Logs.ActivityFailed(_log, context.InstanceId, activity, e.FailureDetails.ErrorMessage);
                await context.CreateTimer(Again, CancellationToken.None);
            }
        }
    }
}
