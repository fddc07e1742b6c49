namespace Atomic.Verification.Simulation;

/// <summary>What goes wrong with one call to storage or broker.</summary>
public enum Fault
{
    None,

    /// <summary>It fails and has no effect.</summary>
    Before,

    /// <summary>It has its effect, and its reply is lost.</summary>
    After,

    /// <summary>Of a delivery: the message is handled and then delivered again.</summary>
    Twice,

    /// <summary>Of a message on its way: it comes late, when others have overtaken it and whoever waits for it has given up.</summary>
    Held,

    /// <summary>Of a message on its way: it never comes.</summary>
    Lost,

    /// <summary>The process ends instead of making the call.</summary>
    CrashBefore,

    /// <summary>The call has its effect, and the process ends before its reply.</summary>
    CrashAfter,
}

/// <summary>
/// Decides what goes wrong where. A point is named by what is called and on what: <c>append stream key From&gt;To</c>, <c>load stream</c>,
/// <c>record stream key</c>, <c>commit stream</c>, <c>read table key</c>, <c>write table key</c>, <c>send entity id</c>,
/// <c>queue path id</c>, <c>deliver path id</c>, <c>complete path id</c>, <c>activity name</c>.
/// </summary>
public interface IFaults
{
    Fault At(string point);
}

/// <summary>Faults by a list of rules: the first that fits and is not used up decides.</summary>
public sealed class FaultScript : IFaults
{
    private readonly List<Rule> _rules = [];

    /// <summary>How often any rule has struck.</summary>
    public int Struck { get; private set; }

    /// <param name="times">How often; by default for ever.</param>
    public FaultScript On(Func<string, bool> point, Fault fault, int times = int.MaxValue)
    {
        _rules.Add(new Rule(point, fault, times));
        return this;
    }

    public FaultScript On(string part, Fault fault, int times = int.MaxValue) =>
        On(point => point.Contains(part, StringComparison.Ordinal), fault, times);

    /// <summary>From now on nothing goes wrong.</summary>
    public void Clear() => _rules.Clear();

    public Fault At(string point)
    {
        if (_rules.Find(rule => rule.Left > 0 && rule.Point(point)) is not { } rule) return Fault.None;
        rule.Left--;
        Struck++;
        return rule.Fault;
    }

    private sealed class Rule(Func<string, bool> point, Fault fault, int times)
    {
        public Func<string, bool> Point { get; } = point;

        public Fault Fault { get; } = fault;

        public int Left { get; set; } = times;
    }
}

/// <summary>A call that went wrong because the script said so.</summary>
public sealed class SimulatedException(string point) : Exception($"Simulated: {point}.");
