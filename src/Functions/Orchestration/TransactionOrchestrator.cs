using Atomic.Functions.Definitions;
using Atomic.Transactions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>Runs a transaction in the coupling <c>requests</c>: the rule says what is owed, an activity carries each act out.</summary>
public sealed class TransactionOrchestrator(TransactionCatalog catalog, ILogger<TransactionOrchestrator> logger)
{
    /// <summary>External event that tries a parked step again.</summary>
    public const string RetryEvent = "retry";

    [Function(nameof(RunTransaction))]
    public async Task<TransactionStatus> RunTransaction([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var start = context.GetInput<TransactionStart>()!;
        var type = catalog.Pinned(start.Definition, start.Version);
        var run = new TransactionRun(type.Definition);
        var work = new StepWork(context, run, type.Restore(start.Input), logger);
        var working = new List<Task>();
        if (!context.IsReplaying) Logs.TransactionStarted(logger, context.InstanceId, start.Definition, start.Version);
        while (true)
        {
            working.AddRange(run.TakeOwed(context.CurrentUtcDateTime).Select(owed => work.CarryOutAsync(owed.Step, owed.Owed)));
            work.Show();
            if (run.HasEnded) break;

            var finished = await Task.WhenAny(working);
            working.Remove(finished);
            await finished;
        }

        if (!context.IsReplaying) Logs.TransactionEnded(logger, context.InstanceId, $"{run.Status().State}");
        return run.Status();
    }
}
