using Atomic.EventSourcing;
using Atomic.Transactions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>
/// Carries out what is owed to a step, one activity a try. An activity that throws has an unknown outcome: it is tried again under the
/// step's policy; when that is spent, a step before or at the pivot undoes itself, and any other parks until it can go on.
/// </summary>
internal sealed class StepWork(TaskOrchestrationContext context, TransactionRun run, object input, ILogger logger)
{
    private static readonly TimeSpan ParkedInterval = TimeSpan.FromMinutes(1);

    public void Show() => context.SetCustomStatus(run.Status());

    public async Task CarryOutAsync(StepDefinition step, Owed owed)
    {
        if (owed == Owed.Undo) await UndoAsync(step);
        else await DoAsync(step);
    }

    private async Task DoAsync(StepDefinition step)
    {
        var command = step.MakeCommand(input);
        var (answer, failure) = await TryAsync(step, step.Command, command);
        if (failure is not null && !step.CanBeRefused)
        {
            answer = await ParkUntilAcceptedAsync(step, step.Command, command, failure);
        }
        else if (failure is not null)
        {
            run.OutcomeUnknown(step.Name, failure);
            Show();
            await UndoAsync(step);
            return;
        }

        if (answer!.Accepted) run.Succeeded(step.Name, answer.Tokens, context.CurrentUtcDateTime);
        else if (step.CanBeRefused) run.Refused(step.Name, answer.Reason, answer.Tokens, context.CurrentUtcDateTime);
        else await ParkRefusedAsync(step, command, answer);
    }

    private async Task UndoAsync(StepDefinition step)
    {
        // A pivot whose outcome is unknown has no compensation of its own to offer; only its participant can tell.
        if (step.MakeCompensation is null)
        {
            await SettlePivotAsync(step);
            return;
        }

        var command = step.MakeCompensation(input);
        var (answer, failure) = await TryAsync(step, step.Compensation!, command);
        answer ??= await ParkUntilAcceptedAsync(step, step.Compensation!, command, failure!);
        run.Undone(step.Name, answer.Tokens, context.CurrentUtcDateTime);
    }

    private async Task SettlePivotAsync(StepDefinition step)
    {
        var answer = await ParkUntilAcceptedAsync(step, step.Command, step.MakeCommand(input), run.Status().Reason ?? "Its outcome is unknown.");
        if (answer.Accepted) run.Succeeded(step.Name, answer.Tokens, context.CurrentUtcDateTime);
        else run.Refused(step.Name, answer.Reason, answer.Tokens, context.CurrentUtcDateTime);
    }

    private async Task ParkRefusedAsync(StepDefinition step, object command, Answer answer)
    {
        while (!answer.Accepted)
            answer = await ParkUntilAcceptedAsync(step, step.Command, command, answer.Reason ?? "It was refused without a reason.");
        run.Succeeded(step.Name, answer.Tokens, context.CurrentUtcDateTime);
    }

    /// <summary>The answer, or why there is none once the policy is spent.</summary>
    private async Task<(Answer? Answer, string? Failure)> TryAsync(StepDefinition step, string activity, object command)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await CallAsync(step, activity, command), null);
            }
            catch (TaskFailedException e)
            {
                if (attempt >= step.Retry.Attempts) return (null, e.FailureDetails.ErrorMessage);
            }

            await context.CreateTimer(Jittered(step, attempt), CancellationToken.None);
        }
    }

    /// <summary>Shows the step as parked, and tries again once a minute or when a person says so.</summary>
    private async Task<Answer> ParkUntilAcceptedAsync(StepDefinition step, string activity, object command, string why)
    {
        if (!context.IsReplaying) Logs.StepParked(logger, context.InstanceId, step.Name, why);
        while (true)
        {
            run.Park(step.Name, why);
            Show();
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(
                context.CreateTimer(ParkedInterval, waiting.Token),
                context.WaitForExternalEvent<string>(TransactionOrchestrator.RetryEvent, waiting.Token));
            // CancelAsync would go on outside the orchestrator's thread, and could not be replayed.
            waiting.Cancel();
            try
            {
                var answer = await CallAsync(step, activity, command);
                run.Unpark(step.Name);
                if (!context.IsReplaying) Logs.StepResumed(logger, context.InstanceId, step.Name);
                return answer;
            }
            catch (TaskFailedException e)
            {
                why = e.FailureDetails.ErrorMessage;
            }
        }
    }

    private Task<Answer> CallAsync(StepDefinition step, string activity, object command)
    {
        var attempt = run.Tried(step.Name);
        return context.CallActivityAsync<Answer>(activity, new StepCall<object>(context.InstanceId, step.Name, attempt, command));
    }

    /// <summary>Between a half and the whole of the policy's wait; the same at every replay.</summary>
    private TimeSpan Jittered(StepDefinition step, int attempt)
    {
        var spread = context.NewGuid().ToByteArray()[0] / 255.0;
        return step.Retry.After(attempt) * (0.5 + (spread / 2));
    }
}
