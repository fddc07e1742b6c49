using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>The history of a failed instance without its failure.</summary>
/// <param name="Steps">What it keeps.</param>
/// <param name="Again">What reached it in the step in which it failed, and reaches it again.</param>
internal sealed record Past(IReadOnlyList<Step> Steps, IReadOnlyList<InstanceEvent> Again)
{
    /// <summary>
    /// Takes out each failure of a call after which the orchestrator called for nothing: it gave up on it, or was waiting for others beside
    /// it. A failure that it answered, by a retry or a compensation, belongs to what it has done, and stays.
    /// </summary>
    /// <param name="execution">One that has not begun; it is used up.</param>
    /// <exception cref="NonDeterministicOrchestrationException">The code no longer does what the history says.</exception>
    public static Past Clean(IReadOnlyList<Step> steps, Execution execution)
    {
        var kept = new List<Step>();
        foreach (var step in steps.SkipLast(1))
        {
            var events = new List<InstanceEvent>();
            var decisions = new List<Decision>();
            foreach (var e in step.Events)
            {
                var made = execution.Take(step.At, [e], replaying: true);
                decisions.AddRange(made);
                if (e is not TaskFailed || made.Count > 0) events.Add(e);
            }

            execution.Compare(step.Decisions, decisions);
            if (events.Count > 0 || decisions.Count > 0) kept.Add(step with { Events = events });
        }

        return new Past(kept, steps.Count == 0 ? [] : [.. steps[^1].Events.Where(e => e is not (Started or TaskFailed))]);
    }

    /// <summary>Whether what reaches it again ends this call.</summary>
    public bool Answers(Decision call) => Again.Any(e => e switch
    {
        TaskSucceeded succeeded => succeeded.Task == call.Id,
        TimerFired fired => fired.Task == call.Id,
        _ => false,
    });
}
