using System.Text.Json;
using Atomic.Functions.Choreography;

namespace Atomic.Functions.Orchestration;

/// <summary>What a transaction is started with. The definition's version is pinned here.</summary>
/// <param name="Coordination">Which coupling carries its steps.</param>
/// <param name="Fingerprint">Of definition and input: a second start with the same id must have the same.</param>
/// <param name="StartedAt">When the start was asked for.</param>
/// <param name="TraceParent">W3C trace context of the start.</param>
public sealed record TransactionStart(
    string Definition, int Version, string Coordination, string Fingerprint, JsonElement Input, DateTimeOffset? StartedAt = null, string? TraceParent = null)
{
    /// <summary>
    /// No run that is a transaction's first begins so late. One that does follows another that whoever operates the engine has begun anew, with
    /// the start of the first; and if it is a first one after all, it has asked once in vain.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    /// <summary>The corrections that the run is to know of; null in every start but those of an earlier version of this code, whose runs recall none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Corrections { get; init; }

    /// <summary>
    /// Whether the deadline counts from when the start was asked for, in every run; in starts of an earlier version of this code it counts
    /// from when the run began, and what such a run has called for is replayed.
    /// </summary>
    public bool DeadlineFromStart { get; init; }

    /// <summary>Whether another run of it was there before: then its pivot may be done, and only the pivot's participant knows.</summary>
    public bool HasRunBefore { get; init; }

    /// <summary>
    /// Whether the run, which follows another, begins with what people have asked of that one, and takes nothing for never done that it has not
    /// asked; in starts of an earlier version of this code it does not, and what such a run has called for is replayed.
    /// </summary>
    public bool Recalls { get; init; }

    /// <summary>
    /// Whether a refusal of the implicit pivot is on record before anything is undone; in starts of an earlier version of this code the run's
    /// history alone tells, and what such a run has called for is replayed.
    /// </summary>
    public bool RecordsCommit { get; init; }

    /// <summary>Whether the run that begins now has to ask what another has done before it.</summary>
    public bool AsksFirst(DateTime now) => Recalls || (RecordsCommit && StartedAt is { } asked && now - asked.UtcDateTime > Late);

    /// <summary>The start of a run that follows this one's: it has no more time than that had.</summary>
    public TransactionStart Again() => this with { Corrections = null, HasRunBefore = true, Recalls = true, RecordsCommit = true, DeadlineFromStart = true };

    /// <summary>The start of a transaction that began before, as the tracker knows it.</summary>
    public static TransactionStart Of(TransactionHeader transaction) => new(
        transaction.Definition, transaction.Version, transaction.Coordination, transaction.Fingerprint ?? "", transaction.Input,
        transaction.StartedAt, transaction.TraceParent);

    /// <summary>How much of the time until a deadline is left.</summary>
    public TimeSpan Left(TimeSpan deadline, DateTime now)
    {
        if (!DeadlineFromStart || StartedAt is not { } began) return deadline;
        var left = began.UtcDateTime + deadline - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public TransactionHeader ToHeader(string id) => new(
        id, Definition, Version, Coordination, Input, StartedAt, TraceParent, Coordination == Coupling.Events ? null : Fingerprint);
}

/// <summary>The ways in which the steps of a definition can be coupled.</summary>
public static class Coupling
{
    /// <summary>An orchestrator calls each step as an activity.</summary>
    public const string Requests = "requests";

    /// <summary>An orchestrator sends each step as a command and waits for the reply.</summary>
    public const string Commands = "commands";

    /// <summary>No coordinator: participants react to each other's facts.</summary>
    public const string Events = "events";

    /// <summary>How long a try may go unanswered whose step declares no limit; null when there is always an answer or a failure.</summary>
    public static TimeSpan? PatienceOf(string coupling) => coupling == Commands ? TimeSpan.FromMinutes(1) : null;

    public static IReadOnlyList<string> All { get; } = [Requests, Commands, Events];
}
