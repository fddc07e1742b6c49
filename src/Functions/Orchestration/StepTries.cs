using Atomic.Functions.Participants;
using Atomic.Transactions;

namespace Atomic.Functions.Orchestration;

/// <summary>
/// One act of one step, from its first call to its answer. Every call that is under way is listened to: the answer to an earlier one is as
/// good as the last one's, since all of them meet the same record.
/// </summary>
internal sealed class StepTries(Coordination coordination, StepDefinition step, Act act, StepEdition edition) : IDisposable
{
    private readonly List<StepTry> _made = [];
    private readonly List<(StepTry Try, Task<Outcome> Call)> _underWay = [];

    private TransactionRun Run => coordination.Run;

    /// <summary>Calls under the step's policy: the answer, or why there is none when the policy is spent.</summary>
    /// <param name="stop">Once it completes, no more is tried; null when nothing stops it.</param>
    public async Task<Outcome> UnderPolicyAsync(Task? stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            // A pivot that is asked to refuse does not wait for the try under way; any other step is answered soon enough.
            var outcome = await OnceAsync(step.Name == Run.Definition.Pivot ? stop : null);
            if (outcome.Answer is not null || outcome.IsFinal || attempt >= step.Retry.Attempts) return outcome;
            if (stop is { IsCompleted: true }) return Stopped(outcome);
            using var pause = coordination.Alarms.After(step.Retry.After(attempt, coordination.Transaction, step.Name));
            await Task.WhenAny([pause.Rings, .. Waited(stop), .. UnderWay]);
            if (stop is { IsCompleted: true }) return Stopped(outcome);
        }
    }

    /// <summary>What is tried no more since it has been asked to refuse fails for that, and not for how its last try went.</summary>
    private Outcome Stopped(Outcome last) => new(null, coordination.WhyStopped(last.Failure));

    /// <summary>One call more, unless an earlier one has been answered meanwhile.</summary>
    public async Task<Outcome> OnceAsync(Task? stop = null)
    {
        if (await HarvestAsync() is { Answer: not null } earlier) return earlier;
        Call();
        var limit = step.Retry.Limit ?? coordination.Calls.Limit;
        using var alarm = limit is null ? null : coordination.Alarms.After(limit.Value);
        while (true)
        {
            await Task.WhenAny([.. UnderWay, .. Waited(alarm?.Rings), .. Waited(stop)]);
            if (await HarvestAsync() is { } outcome) return outcome;
            if (stop is { IsCompleted: true }) return new Outcome(null, coordination.RefusalReason);
            if (alarm is { Rings.IsCompleted: true }) return new Outcome(null, $"No answer within {limit}.");
        }
    }

    public void Dispose() => coordination.Replies.Forget(_made);

    private IEnumerable<Task> UnderWay => _underWay.Select(one => one.Call);

    private void Call()
    {
        var attempt = Run.Tried(step.Name);
        Run.CountActivity();
        Run.Use(coordination.Calls.Sending);
        var made = StepTry.Of(Run.Definition, step, coordination.Transaction, act, attempt, edition.Number) with { TraceParent = coordination.TraceParent };
        _made.Add(made);
        _underWay.Add((made, coordination.Calls.CallAsync(made, step, edition.Input)));
        // The first is shown with all else that begins with it; a further one, and one of what is parked, may be all that happens for long.
        if (_made.Count > 1 || Run.StateOf(step.Name) == StepState.Parked) coordination.Show();
    }

    /// <summary>Takes what has ended from what is under way: an answer, else how the newest call ended if it has.</summary>
    private async Task<Outcome?> HarvestAsync()
    {
        Outcome? found = null;
        foreach (var one in _underWay.Where(one => one.Call.IsCompleted).ToList())
        {
            _underWay.Remove(one);
            var (outcome, isNewest) = (await one.Call, one.Try == _made[^1]);
            Run.Use(outcome.Used);
            // A refusal that is not recorded is only worth what was known when it was given.
            var counts = outcome.Answer is { } answer && (answer.Accepted || isNewest || !Run.Definition.MustSucceed(step));
            if (counts) return outcome;
            if (isNewest) found = outcome;
        }

        return found;
    }

    private static IEnumerable<Task> Waited(Task? task) => task is null ? [] : [task];
}

/// <summary>The input that a step is carried out with: the transaction's, until a person corrects it.</summary>
/// <param name="Number">How often it was corrected.</param>
internal sealed record StepEdition(int Number, object Input);
