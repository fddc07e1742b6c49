using System.Globalization;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification.Faults;

/// <summary>
/// What can go wrong with each call to storage and broker, each message and each activity of a run: those that a run without the fault
/// makes, by their place in it.
/// </summary>
internal static class CallFaults
{
    private static readonly (Fault Fault, FaultClass Class, string Name)[] OfCalls =
    [
        (Fault.Before, FaultClass.FailsBefore, "fails-before"),
        (Fault.After, FaultClass.ReplyLost, "reply-lost"),
        (Fault.CrashBefore, FaultClass.Crash, "crash-before"),
        (Fault.CrashAfter, FaultClass.Crash, "crash-after"),
    ];

    /// <param name="plain">The run without the fault; what it refuses, its faults do.</param>
    /// <param name="from">The first call that another run's faults have not covered.</param>
    public static IEnumerable<SingleFault> Of(SingleFault plain, Run run, int from, Definition definition)
    {
        var whole = WholeSteps(run.Calls.Select(call => call.Point), definition);
        for (var call = from; call < run.Calls.Count; call++)
        {
            var (number, (point, followsAtOnce)) = (call, run.Calls[call]);
            foreach (var (fault, kind, how) in OfCalls)
            {
                if (fault is Fault.Before or Fault.After && FailsTheWholeStep(point, whole)) continue;
                // A crash leaves what is stored. After a read that is the same as before it, and before a call as after the one that it follows at once.
                if (fault is Fault.CrashAfter && IsRead(point)) continue;
                if (fault is Fault.CrashBefore && followsAtOnce && number > from) continue;
                yield return plain with
                {
                    Class = kind,
                    Name = string.Create(CultureInfo.InvariantCulture, $"{plain.Name}/{how}/{number}"),
                    Where = point,
                    Calls = () => new NthCall(number, fault),
                };
            }
        }

        foreach (var happened in run.Trace.Distinct())
        {
            foreach (var (fault, kind, how, point) in OfHappening(happened))
                yield return plain with { Class = kind, Name = $"{plain.Name}/{how}/{happened}", Calls = () => new FaultScript().On(point, fault, times: 1) };
        }
    }

    /// <summary>Whether the call changes nothing that is stored.</summary>
    public static bool IsRead(string call) => call.Split(' ')[0] is "load" or "record" or "commit" or "version" or "read" or "list";

    /// <summary>A participant whose call to the event store fails is one that fails: each step's own faults are that, unless it is half done.</summary>
    private static bool FailsTheWholeStep(string call, HashSet<string> whole) => call.Split(' ') switch
    {
        ["load" or "record" or "commit", ..] => true,
        ["append", _, var key, ..] => whole.Contains(key),
        _ => false,
    };

    /// <summary>The keys of the steps that write one stream each.</summary>
    private static HashSet<string> WholeSteps(IEnumerable<string> calls, Definition definition) =>
    [
        .. from call in calls
           let words = call.Split(' ')
           where words[0] == "append" && words[2].Split(':') is [_, var step, ..] && definition.Find(step) is { IsCommit: false }
           group words[1] by words[2] into streams
           where streams.Distinct().Count() == 1
           select streams.Key,
    ];

    private static IEnumerable<(Fault Fault, FaultClass Class, string Name, Func<string, bool> Point)> OfHappening(string happened)
    {
        switch (happened.Split(' ', 3))
        {
            case ["deliver", var path, var id]:
                yield return (Fault.Twice, FaultClass.DeliveredTwice, "twice", point => point == happened);
                yield return (Fault.Held, FaultClass.OutOfOrder, "overtaken", point => point == $"queue {path} {id}");
                if (path == "transaction-replies") yield return (Fault.Lost, FaultClass.ReplyLost, "lost", point => point == $"queue {path} {id}");
                break;
            case ["activity", var activity, var number]:
                yield return (Fault.Twice, FaultClass.DeliveredTwice, "twice", IsActivity);
                yield return (Fault.After, FaultClass.ReplyLost, "reply-lost", IsActivity);
                break;

                bool IsActivity(string point) =>
                    point.StartsWith($"activity {activity} ", StringComparison.Ordinal) && point.EndsWith($" {number}", StringComparison.Ordinal);
        }
    }

    /// <summary>Strikes the call with this number of all calls to storage and broker; the first is 0.</summary>
    internal sealed class NthCall(int number, Fault fault) : IFaults
    {
        private int _calls;

        public Fault At(string point) => !Run.IsCall(point) || _calls++ != number ? Fault.None : fault;
    }
}
