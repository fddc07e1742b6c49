using Atomic.EventSourcing;

namespace Atomic.Functions.Watch;

/// <summary>A transaction whose orchestration had failed was begun again.</summary>
/// <param name="Run">The run that had failed.</param>
public sealed record TransactionRestarted(string Run, int Attempt, string Reason) : IEvent;

/// <summary>A person has to look at a transaction.</summary>
public sealed record TransactionRaised(string Run, string Reason) : IEvent;

/// <summary>What the watchdog has done about one transaction: on record before it is done, so that nothing is done twice.</summary>
/// <param name="Run">The run that it last did something about.</param>
/// <param name="Restarts">Whether what it last did was to begin the transaction again.</param>
public sealed record WatchedTransaction(string? Run, int Attempts, bool Restarts, string? Reason) : IAggregate<WatchedTransaction>
{
    /// <summary>What failed this often with the same code will fail again.</summary>
    public const int MostRestarts = 3;

    public static string Category => "operationsTransaction";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(TransactionRestarted), typeof(TransactionRaised));

    public static WatchedTransaction Initial { get; } = new(null, 0, false, null);

    public WatchedTransaction Evolve(IEvent e) => e switch
    {
        TransactionRestarted restarted => new WatchedTransaction(restarted.Run, restarted.Attempt, true, restarted.Reason),
        TransactionRaised raised => new WatchedTransaction(raised.Run, Attempts, false, raised.Reason),
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(Finding finding) => finding switch
    {
        _ when Run == finding.Run && Reason == finding.Reason => [],
        { CanRestart: true } when Attempts < MostRestarts => [new TransactionRestarted(finding.Run, Attempts + 1, finding.Reason)],
        { CanRestart: true } => [new TransactionRaised(finding.Run, $"It was begun again {Attempts} times, and failed again: {finding.Reason}")],
        _ => [new TransactionRaised(finding.Run, finding.Reason)],
    };
}

/// <summary>Something is wrong with a transaction.</summary>
/// <param name="Run">Tells one run of it from the next.</param>
/// <param name="CanRestart">Whether it can be begun again: every step finds its barrier, and nothing is done twice.</param>
public sealed record Finding(string Transaction, string Run, string Reason, bool CanRestart);
