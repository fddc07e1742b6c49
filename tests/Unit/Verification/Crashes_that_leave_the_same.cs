using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Verification;

/// <summary>Crashes that verify takes for one, each made: they leave the same, and all goes on alike.</summary>
public sealed class Crashes_that_leave_the_same
{
    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Theory]
    [MemberData(nameof(Couplings))]
    public void End_alike_after_a_call_and_before_the_one_that_follows_at_once(string coupling)
    {
        using var stage = new Stage(ShippedScenarios.BookTrip, new VerificationOptions());
        var course = new Course(stage, coupling);
        var calls = Rehearsal.Of(course, new SingleFault(FaultClass.None, "forward", TransactionState.Completed)).Calls;
        var followers = Enumerable.Range(1, calls.Count - 1).Where(number => calls[number].FollowsAtOnce).ToList();

        Assert.NotEmpty(followers);
        Assert.All(followers, number => Assert.Equal(Ends(course, number - 1, Fault.CrashAfter), Ends(course, number, Fault.CrashBefore)));
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void End_alike_before_and_after_a_read(string coupling)
    {
        using var stage = new Stage(ShippedScenarios.BookTrip, new VerificationOptions());
        var course = new Course(stage, coupling);
        var calls = Rehearsal.Of(course, new SingleFault(FaultClass.None, "forward", TransactionState.Completed)).Calls;
        var reads = Enumerable.Range(0, calls.Count).Where(number => CallFaults.IsRead(calls[number].Point)).ToList();

        Assert.NotEmpty(reads);
        Assert.All(reads, number => Assert.Equal(Ends(course, number, Fault.CrashBefore), Ends(course, number, Fault.CrashAfter)));
    }

    /// <summary>How it ends, through which states of the records it went, and all that was delivered, begun and heard until then.</summary>
    private static string Ends(Course course, int number, Fault fault)
    {
        var run = Rehearsal.Of(course, new SingleFault(FaultClass.Crash, $"{fault}/{number}", TransactionState.Completed)
        {
            Calls = () => new CallFaults.NthCall(number, fault),
        });
        Assert.Empty(run.Violations);
        var (states, lasting) = (run.States.Order(StringComparer.Ordinal), run.Trace.Where(IsLasting).Select(WithoutTime).Order(StringComparer.Ordinal));
        return $"{run.End} by way of {string.Join(" ", states)} with {string.Join(", ", lasting)}";
    }

    // A try's id ends with when its run began, and a crash before a call comes a moment later than one after the call before.
    private static string WithoutTime(string happened) => happened.Contains(":Do:", StringComparison.Ordinal) ? happened[..happened.LastIndexOf(':')] : happened;

    private static bool IsLasting(string happened) => happened.Split(' ')[0] is "deliver" or "activity" or "ended" or "raise" or "start";
}
