using System.Globalization;
using Atomic.Transactions;

namespace Atomic.Verification.Faults;

/// <summary>A cancel, and a deadline that passes, at each event of a run.</summary>
internal static class RequestFaults
{
    public static IEnumerable<SingleFault> Of(Run plain)
    {
        for (var number = 0; number <= plain.Trace.Count; number++)
        {
            // What whoever watches does meanwhile changes nothing for the transaction.
            var where = number < plain.Trace.Count ? plain.Trace[number] : "the end";
            if (IsOfTracker(where)) continue;
            yield return New(FaultClass.Cancel, "cancel", number) with { CancelAt = number, Where = where };
            yield return New(FaultClass.Deadline, "deadline", number) with { DeadlineAt = number, Where = where };
        }
    }

    private static bool IsOfTracker(string happened) => happened.Split(' ') is ["read" or "write" or "list", var table, ..]
        ? table.StartsWith("transactions", StringComparison.Ordinal)
        : happened.Contains(" events/transactions ", StringComparison.Ordinal);

    private static SingleFault New(FaultClass kind, string how, int number) =>
        new(kind, string.Create(CultureInfo.InvariantCulture, $"{how}/{number}"), TransactionState.Completed, TransactionState.Compensated);
}
