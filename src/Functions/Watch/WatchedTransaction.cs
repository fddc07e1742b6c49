using System.Text.Json.Serialization;
using Atomic.EventSourcing;

namespace Atomic.Functions.Watch;

/// <summary>A transaction whose orchestration had failed was begun again.</summary>
/// <param name="Run">The run that had failed.</param>
public sealed record TransactionRestarted(string Run, int Attempt, string Reason) : IEvent;

/// <summary>Something else was done to make a transaction go on.</summary>
/// <param name="Run">What had come to a stop.</param>
public sealed record TransactionRepaired(string Run, Repair Repair, int Attempt, string Reason) : IEvent;

/// <summary>A person has to look at a transaction.</summary>
/// <param name="Terminated">Whether it is because somebody had ended it in the engine.</param>
public sealed record TransactionRaised(
    string Run, string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Terminated = false) : IEvent;

/// <summary>What can be done about a transaction that does not go on. Every step finds its barrier, so none does anything twice.</summary>
public enum Repair
{
    /// <summary>Nothing: only a person can tell.</summary>
    None,

    /// <summary>Its orchestration failed, and is begun again.</summary>
    Restart,

    /// <summary>The engine does not know it any more: it is begun anew, under its own definition, version and input.</summary>
    Begin,

    /// <summary>It has ended, and the tracker has not heard so: it is told again.</summary>
    Tell,

    /// <summary>A participant owes a fact, and is told again what makes it owed.</summary>
    Remind,
}

/// <summary>What the watchdog has done about one transaction: on record before it is done.</summary>
/// <param name="Run">What it last did something about.</param>
/// <param name="Repair">What it last tried; <see cref="Repair.None"/> while it has tried nothing.</param>
/// <param name="Attempts">How often it has tried that.</param>
/// <param name="IsRaised">Whether a person was called since.</param>
/// <param name="IsTerminated">Whether somebody had ended it, when a person was last called.</param>
public sealed record WatchedTransaction(string? Run, Repair Repair, int Attempts, bool IsRaised, string? Reason, bool IsTerminated = false) : IAggregate<WatchedTransaction>
{
    /// <summary>What did not help this often will not help.</summary>
    public const int MostAttempts = 3;

    public static string Category => "operationsTransaction";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(TransactionRestarted), typeof(TransactionRepaired), typeof(TransactionRaised));

    public static WatchedTransaction Initial { get; } = new(null, Repair.None, 0, false, null);

    public WatchedTransaction Evolve(IEvent e) => e switch
    {
        TransactionRestarted restarted => new WatchedTransaction(restarted.Run, Repair.Restart, restarted.Attempt, false, restarted.Reason),
        TransactionRepaired repaired => new WatchedTransaction(repaired.Run, repaired.Repair, repaired.Attempt, false, repaired.Reason),
        TransactionRaised raised => this with { Run = raised.Run, IsRaised = true, Reason = raised.Reason, IsTerminated = raised.Terminated },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(Finding finding) => finding.Repair switch
    {
        _ when IsRaised && Run == finding.Run => [],
        // The engine lets go of what was terminated or failed after a time, and then knows it no more than what it has lost.
        Repair.Begin when IsRaised && (IsTerminated || Repair == Repair.Restart) => [],
        Repair.None => [new TransactionRaised(finding.Run, finding.Reason, finding.Terminated)],
        _ when Tried(finding) >= MostAttempts => [new TransactionRaised(finding.Run, $"{Vain(finding.Repair)} {Attempts} times, in vain: {finding.Reason}")],
        Repair.Restart => [new TransactionRestarted(finding.Run, Tried(finding) + 1, finding.Reason)],
        var repair => [new TransactionRepaired(finding.Run, repair, Tried(finding) + 1, finding.Reason)],
    };

    /// <summary>Each failure of an orchestration is a new one, and they count together; a step that is late is one case until it moves.</summary>
    private int Tried(Finding finding) => Repair == finding.Repair && (Repair != Repair.Remind || Run == finding.Run) ? Attempts : 0;

    private static string Vain(Repair repair) => repair switch
    {
        Repair.Tell => "Its end was told",
        Repair.Remind => "Its participant was reminded",
        _ => "It was begun again",
    };
}

/// <summary>Something is wrong with a transaction.</summary>
/// <param name="Run">Tells one case of it from the next.</param>
/// <param name="Terminated">Whether somebody has ended it in the engine: nothing begins it again by itself.</param>
/// <param name="IsAhead">Whether its streams lack what it has written.</param>
public sealed record Finding(string Transaction, string Run, string Reason, Repair Repair = Repair.None, bool Terminated = false, bool IsAhead = false);
