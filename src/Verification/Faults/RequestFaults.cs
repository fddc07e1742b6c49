using System.Globalization;
using Atomic.EventSourcing;
using Atomic.Transactions;

namespace Atomic.Verification.Faults;

/// <summary>A cancel, and a deadline that passes, at each event of a run.</summary>
internal static class RequestFaults
{
    /// <summary>At each event of a run that goes forward: it may still be reverted, or not any more.</summary>
    public static IEnumerable<SingleFault> Of(Run plain) => At(
        plain, from: 0, new SingleFault(FaultClass.None, "", TransactionState.Completed, TransactionState.Compensated));

    /// <summary>At each event on the way back, which goes on.</summary>
    /// <param name="back">The run without the fault; what it refuses, its faults do.</param>
    public static IEnumerable<SingleFault> OnTheWayBack(SingleFault back, Run reverted) => At(
        reverted, reverted.Trace.TakeWhile(happened => !happened.Contains($">{RecordState.Refused}", StringComparison.Ordinal)).Count(),
        back with { Name = $"{back.Name}/" });

    private static IEnumerable<SingleFault> At(Run run, int from, SingleFault plain)
    {
        for (var number = from; number <= run.Trace.Count; number++)
        {
            var where = number < run.Trace.Count ? run.Trace[number] : "the end";
            yield return New(FaultClass.Cancel, "cancel") with { CancelAt = number };
            yield return New(FaultClass.Deadline, "deadline") with { DeadlineAt = number };

            SingleFault New(FaultClass kind, string how) =>
                plain with { Class = kind, Name = string.Create(CultureInfo.InvariantCulture, $"{plain.Name}{how}/{number}"), Where = where };
        }
    }
}
