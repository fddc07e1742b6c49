using Atomic.EventSourcing;
using Atomic.Transactions;
using Atomic.Verification.Faults;

namespace Atomic.Verification;

/// <summary>Plans the runs of a scenario, makes them side by side, and judges them together.</summary>
internal sealed class Verifier(Scenario scenario, VerificationOptions options, CancellationToken cancellation)
{
    private const int MostSequences = 3;
    private const string Forward = "forward";
    private const string Back = "back";

    public Verdict Run()
    {
        var began = options.Time.GetTimestamp();
        using var stage = new Stage(scenario, options);
        var planned = options.Couplings.Select(coupling => new Course(stage, coupling)).AsParallel().AsOrdered().SelectMany(Plan)
            .Where(one => options.Kinds.Contains(one.Fault.Class)).ToList();
        if (options.Fault is { } name)
        {
            planned.RemoveAll(one => one.Fault.Name != name);
            if (planned.Count == 0) throw new ArgumentException($"{scenario.Name} has no fault '{name}'.");
        }

        var runs = Make(planned);
        var violations = Disagreements(runs).Concat(runs.Where(one => one.Run.Violations.Count > 0).Select(one => (one, one.Run.Violations)))
            .Select((found, number) => Describe(found.Item1, found.Item2, number)).ToList();
        return new Verdict(scenario.Name, options.Couplings, Cover(runs), violations, options.Time.GetElapsedTime(began));
    }

    private static IEnumerable<Planned> Plan(Course course)
    {
        var forward = new SingleFault(FaultClass.None, Forward, TransactionState.Completed);
        var plain = Rehearsal.Of(course, forward);
        course.MeasureBy(plain);
        List<SingleFault> faults = [forward, .. StepFaults.Of(course.Definition), .. CallFaults.Of(forward, plain, from: 0, course.Definition), .. RequestFaults.Of(plain)];
        if (StepFaults.LastRefusable(course.Definition) is { } refused)
        {
            var back = new SingleFault(FaultClass.Refused, Back, TransactionState.Compensated) { Refused = refused };
            var reverted = Rehearsal.Of(course, back);
            var from = reverted.Calls.TakeWhile(call => !call.Point.Contains($">{RecordState.Refused}", StringComparison.Ordinal)).Count();
            faults.AddRange([back, .. CallFaults.Of(back, reverted, from, course.Definition), .. RequestFaults.OnTheWayBack(back, reverted)]);
        }

        return faults.DistinctBy(fault => fault.Name).Select(fault => new Planned(course, fault));
    }

    private List<Made> Make(List<Planned> planned)
    {
        var (made, count) = (new Made[planned.Count], 0);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, planned.Count, parallel, number =>
        {
            // Thousands of them stay until they are judged: without what only a plan is made from.
            made[number] = new Made(planned[number], Rehearsal.Of(planned[number].Course, planned[number].Fault) with { Calls = [], Trace = [] });
            options.Progress(Interlocked.Increment(ref count), planned.Count);
        });
        return [.. made];
    }

    /// <summary>What goes wrong at a step must end alike in every coupling, and leave the same.</summary>
    private static IEnumerable<(Made, IReadOnlyList<string>)> Disagreements(List<Made> runs) =>
        from same in runs.Where(one => one.Planned.Fault is { Ends.Count: 1, Calls: null }).GroupBy(one => one.Planned.Fault.Name)
        let first = same.First()
        from other in same.Skip(1)
        where other.Run.End != first.Run.End
        select (other, (IReadOnlyList<string>)[$"it ends {other.Run.End}, and in {first.Planned.Course.Coupling} {first.Run.End}"]);

    private Violation Describe(Made made, IReadOnlyList<string> what, int number)
    {
        var sequence = number < MostSequences ? new SequenceDiagram() : null;
        if (sequence is not null) Rehearsal.Of(made.Planned.Course, made.Planned.Fault, sequence);
        return new Violation(scenario.Name, made.Planned.Course.Coupling, made.Planned.Fault, options.Seed, what, sequence?.ToString());
    }

    private static IReadOnlyList<Coverage> Cover(List<Made> runs) =>
    [
        .. from made in runs
           group made.Run by (made.Planned.Fault.Class, made.Planned.Course.Coupling) into kind
           select new Coverage(kind.Key.Class, kind.Key.Coupling, kind.Count(), kind.SelectMany(run => run.States).Distinct().Count()),
    ];

    private sealed record Planned(Course Course, SingleFault Fault);

    private sealed record Made(Planned Planned, Run Run);
}
