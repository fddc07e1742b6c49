using System.Text.Json;
using System.Text.Json.Serialization;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Transactions;

namespace Atomic.Functions.Control;

/// <summary>A transaction in coupling <c>events</c> is to begin.</summary>
public sealed record StartTransaction(TransactionHeader Transaction, string Fingerprint);

/// <summary>A running transaction is to be reverted, if it is not too late.</summary>
public sealed record CancelTransaction(string Id, string By, string? Why);

/// <summary>A parked step is to be tried again.</summary>
/// <param name="Input">The corrected input of the transaction, for this step alone; null to try as before.</param>
public sealed record RetryStep(string Id, string Step, string By, string? Why, JsonElement? Input);

/// <summary>A parked step is declared done, or undone, by hand.</summary>
public sealed record ResolveStep(string Id, string Step, bool Done, string By, string? Why);

public sealed record TransactionStarted(TransactionHeader Transaction, string Fingerprint) : IEvent;

public sealed record StartRefused(string Reason) : IRefusal;

public sealed record TransactionCommitted : IEvent;

public sealed record CancelRequested(string By, string? Why) : IEvent
{
    /// <summary>Who and why, as it is shown.</summary>
    [JsonIgnore]
    public string Reason => $"Cancelled by {By}{(string.IsNullOrWhiteSpace(Why) ? "." : $": {Why}")}";
}

public sealed record RetryRequested(string Step, string By, string? Why, JsonElement? Input) : IEvent;

public sealed record ResolutionRequested(string Step, bool Done, string By, string? Why) : IEvent;

/// <summary>A step that waited for a person, or for an event from outside, was told what it waited for.</summary>
/// <param name="Data">The step's command, as it is sent.</param>
public sealed record AnswerGiven(string Step, string By, JsonElement Data) : IEvent;

/// <summary>
/// What is recorded of a transaction itself: without a coordinator its start and its implicit pivot, and in every coupling who asked for
/// what by hand, when and why.
/// </summary>
/// <param name="Header">Null for a transaction that an orchestrator runs.</param>
public sealed record TransactionLog(TransactionHeader? Header, string? Fingerprint) : IAggregate<TransactionLog>
{
    public static string Category => "transactionsTransaction";

    public static EventTypes Events { get; } = EventTypes.Of(
        typeof(TransactionStarted), typeof(StartRefused), typeof(TransactionCommitted),
        typeof(CancelRequested), typeof(RetryRequested), typeof(ResolutionRequested), typeof(AnswerGiven));

    /// <summary>By step: the first answer, which counts.</summary>
    public IReadOnlyDictionary<string, AnswerGiven> Given { get; init; } = new Dictionary<string, AnswerGiven>();

    public static TransactionLog Initial { get; } = new(null, null);

    public TransactionLog Evolve(IEvent e) => e switch
    {
        TransactionStarted started => new TransactionLog(started.Transaction, started.Fingerprint),
        AnswerGiven given => this with { Given = new Dictionary<string, AnswerGiven>(Given) { [given.Step] = given } },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(StartTransaction command) => this switch
    {
        { Header: null } => [new TransactionStarted(command.Transaction, command.Fingerprint)],
        _ when Fingerprint == command.Fingerprint => [],
        _ => [new StartRefused("It was started before, with another input or coupling.")],
    };

    public IReadOnlyList<IEvent> Decide(AnswerGiven answer) => Given.ContainsKey(answer.Step) ? [] : [answer];

    public static IReadOnlyList<IEvent> Decide(CommitTransaction command) => [new TransactionCommitted()];
}
