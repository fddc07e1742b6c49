using Atomic.EventSourcing;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Verification.Faults;

/// <summary>What happens to one call of a participant instead of its being carried out and answered.</summary>
internal delegate Task<Answer> Mishap(Func<Task<Answer>> carryOut, TimeProvider time);

/// <summary>The ways in which a call can go wrong at its participant.</summary>
internal static class Mishaps
{
    public static readonly Mishap Before = (_, _) => throw new SimulatedException("it fails before its effect");

    public static readonly Mishap After = async (carryOut, _) =>
    {
        await carryOut();
        throw new SimulatedException("it fails after its effect");
    };

    /// <summary>Two deliveries, one after the other; the answer of the first arrives.</summary>
    public static readonly Mishap Twice = async (carryOut, _) =>
    {
        var answer = await carryOut();
        await carryOut();
        return answer;
    };

    /// <summary>Two deliveries at once; the answer of the one that did it arrives.</summary>
    public static readonly Mishap AtOnce = async (carryOut, _) =>
    {
        // Awaited one by one: what waits for several tasks may go on outside the scheduler.
        var (one, other) = (carryOut(), carryOut());
        var (first, second) = (await one, await other);
        return first.Repeated ? second : first;
    };

    /// <summary>Whoever waits for it gives up; its effect comes after <paramref name="wait"/>.</summary>
    public static Mishap Late(TimeSpan wait) => (carryOut, time) =>
    {
        _ = AfterAsync(wait, carryOut, time);
        throw new SimulatedException($"it is not answered, and comes {wait} later");
    };

    public static Mishap Again(TimeSpan wait) => async (carryOut, time) =>
    {
        var answer = await carryOut();
        _ = AfterAsync(wait, carryOut, time);
        return answer;
    };

    public static Mishap Held(TimeSpan wait) => (carryOut, time) => AfterAsync(wait, carryOut, time);

    /// <summary>Strikes some of the calls of one act of a step.</summary>
    /// <param name="which">Whether it strikes the call of this number; the first is 1.</param>
    public static Func<TimeProvider, Action, Around> On(string step, Func<Act, bool> acts, Func<int, bool> which, Mishap mishap) => (time, strike) =>
    {
        var calls = 0;
        return (moment, carryOut) =>
        {
            if (moment.Step.Name != step || !acts(moment.Act) || !which(++calls)) return carryOut(moment.Invocation);
            strike();
            return mishap(() => carryOut(moment.Invocation), time);
        };
    };

    /// <summary>The do is delivered again while its undo is under way.</summary>
    public static Func<TimeProvider, Action, Around> DoAgainWithUndo(string step) => (_, strike) =>
    {
        Func<Task<Answer>>? again = null;
        return async (moment, carryOut) =>
        {
            if (moment.Step.Name != step) return await carryOut(moment.Invocation);
            if (moment.Act == Act.Do) again = () => carryOut(moment.Invocation);
            if (moment.Act != Act.Undo || again is null) return await carryOut(moment.Invocation);
            strike();
            var (late, undo) = (again(), carryOut(moment.Invocation));
            await late;
            return await undo;
        };
    };

    private static async Task<Answer> AfterAsync(TimeSpan wait, Func<Task<Answer>> carryOut, TimeProvider time)
    {
        await Task.Delay(wait, time);
        return await carryOut();
    }
}
