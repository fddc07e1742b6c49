using System.Globalization;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Definitions;
using Atomic.Functions.Watch;
using Atomic.Messaging;
using Atomic.Transactions;

namespace Atomic.Functions.Tracking;

/// <summary>
/// Tells participants of transactions that nobody coordinates once more what makes a late fact owed, as orders on their queues: the message
/// that told them, or the one with their answer, may be lost. A participant that had acted finds so at its barrier, and states its fact again.
/// </summary>
public sealed class Reminders(TransactionCatalog catalog, AwaitedAnswers answers, ICommandBus bus, TransactionRepairs repairs)
{
    public Task RemindAsync(TransactionProgress known, OverdueStep overdue, DateTimeOffset now, CancellationToken cancellation)
    {
        var finding = new Finding(known.Transaction.Id, $"{overdue.Step}:{overdue.Owed}", overdue.Reason, Repair.Remind);
        return repairs.ActAsync(finding, attempt => RemindAsync(known, now, attempt, cancellation), cancellation);
    }

    private async Task RemindAsync(TransactionProgress known, DateTimeOffset now, int attempt, CancellationToken cancellation)
    {
        var run = known.Replay(catalog);
        foreach (var late in known.Expected(Expectation.Of(run, patience: null), patience: null).Where(expected => expected.Due <= now.UtcDateTime).ToList())
        {
            if (late is { Owed: Owed.Do, Step.DecisionLimit: not null } && known.Answered?.ContainsKey(late.Step.Name) == true
                && (await answers.GivenAsync(known.Transaction.Id, cancellation)).TryGetValue(late.Step.Name, out var given))
            {
                await answers.SendAsync(known.Transaction.Id, run.Definition, late.Step, known.Transaction, given, cancellation);
                continue;
            }

            foreach (var order in OrdersOf(known, run.Definition, late))
            {
                var message = order.ToMessage("late");
                // The broker would take a second reminder for a copy of the first.
                await bus.SendAsync(late.Step.Participant, message with { Id = string.Create(CultureInfo.InvariantCulture, $"{message.Id}:late:{attempt}") }, cancellation);
            }
        }
    }

    private static IEnumerable<StepOrder> OrdersOf(TransactionProgress known, Definition definition, Expectation late)
    {
        // It is the end of the decision's time that was not told.
        if (late.Owed == Owed.Do && late.Step.DecisionLimit is { } limit)
            return [new StepOrder(known.Transaction, late.Step.Name, StepOrderKind.Refuse, Reason: $"No decision within {limit}.")];
        // Facts that lead forward must not be told of what is to be undone: the step may never have been done.
        return from heard in known.Facts
               where (heard.Fact.Kind is FactKind.Started or FactKind.Succeeded) == (late.Owed == Owed.Do)
               where definition.ConcernedBy(heard.Fact.Kind, heard.Fact.Step).Any(step => step.Name == late.Step.Name)
               select new StepOrder(known.Transaction, late.Step.Name, StepOrderKind.Hear, Fact: heard.Fact with { Reason = null });
    }
}
