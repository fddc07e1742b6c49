using System.Globalization;
using Atomic.EventSourcing;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Watch;

/// <summary>
/// What the watchdog does about what it finds: a repair a few times, each on record before it is done, and then a person is called. Cut off
/// in between, it finds the same again, and that is the next attempt.
/// </summary>
public sealed class TransactionRepairs(IEventStore events, IEventPublisher publisher, TimeProvider time, ILogger<TransactionRepairs> logger)
{
    private readonly Seldom _daily = Seldom.Daily(time);

    /// <param name="repair">Does what <see cref="Finding.Repair"/> says, and is given the number of the attempt.</param>
    public async Task ActAsync(Finding finding, Func<int, Task> repair, CancellationToken cancellation)
    {
        var head = await events.LoadAsync<WatchedTransaction>(finding.Transaction, likelyNew: false, cancellation);
        var decided = head.State.Decide(finding);
        if (decided.Count == 0)
        {
            if (_daily.IsDue(finding.Transaction)) SayRaised(finding, head.State);
            return;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"watch:{finding.Run}:{head.Version}");
        var context = new EventContext(finding.Transaction, $"{finding.Transaction}:{id}", Actor: "watchdog");
        // Whoever was first is at it; what is still wrong is found again.
        var written = await events.AppendAsync(head, new NewCommit(id, RecordState.None, RecordState.Done, decided, null, context), cancellation);
        if (written is not AppendOutcome.Appended { Commit: var commit }) return;

        var after = decided.Aggregate(head.State, (state, e) => state.Evolve(e));
        if (after.IsRaised)
        {
            SayRaised(finding, after);
        }
        else
        {
            await repair(after.Attempts);
            Logs.TransactionRepaired(logger, finding.Transaction, $"{after.Repair}", after.Attempts, finding.Reason);
        }

        await publisher.PublishAsync(commit, cancellation);
    }

    private void SayRaised(Finding finding, WatchedTransaction watched)
    {
        Logs.TransactionRaised(logger, finding.Transaction, watched.Reason!);
        if (finding.IsAhead) Logs.WritesLost(logger, finding.Transaction, finding.Reason);
        _daily.Said(finding.Transaction);
    }
}
