using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>Says of every step that is parked that it still is, once a day: nobody is to forget it because its alert went away.</summary>
public sealed class ParkedSteps(TransactionSearch transactions, TimeProvider time, ILogger<ParkedSteps> logger)
{
    private const string All = "all";
    private const int PageSize = 100;

    private static readonly TransactionFilter Waiting = new(TransactionState.NeedsAttention);

    private readonly Seldom _daily = Seldom.Daily(time);

    public async Task SayAgainAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        if (!_daily.IsDue(All)) return;
        string? continuation = null;
        do
        {
            var page = await transactions.ListAsync(client, Waiting, PageSize, continuation, cancellation);
            foreach (var (id, step) in page.Items.SelectMany(each => each.Steps.Select(step => (each.Id, Step: step))).Where(each => each.Step.State == StepState.Parked))
                Logs.StepParked(logger, id, step.Name, step.Reason ?? "It still is.");
            continuation = page.Continuation;
        }
        while (continuation is not null);
        _daily.Said(All);
    }
}
