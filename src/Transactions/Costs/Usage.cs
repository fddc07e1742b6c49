using System.Text.Json.Serialization;

namespace Atomic.Transactions.Costs;

/// <summary>What is used of storage, broker and durable engine, in operations that are paid for. Short names in JSON, since it travels with answers and facts.</summary>
/// <param name="Requests">Requests to Table Storage.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Delivered">Copies of messages that reach a queue's or a subscription's reader. Each is received, settled, and runs a function.</param>
/// <param name="Orchestrations">Orchestrations started: one, or none where nobody coordinates.</param>
/// <param name="Activities">Activities called.</param>
/// <param name="Raised">External events raised at an orchestration.</param>
/// <param name="Timers">Durable timers set.</param>
public sealed record Usage(
    [property: JsonPropertyName("q"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Requests = 0,
    [property: JsonPropertyName("m"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Sent = 0,
    [property: JsonPropertyName("d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Delivered = 0,
    [property: JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Orchestrations = 0,
    [property: JsonPropertyName("a"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Activities = 0,
    [property: JsonPropertyName("x"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Raised = 0,
    [property: JsonPropertyName("i"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Timers = 0)
{
    public static Usage None { get; } = new();

    /// <summary>How often an orchestrator runs: at its start, and for each answer or event that reaches it.</summary>
    [JsonIgnore]
    public int OrchestratorRuns => Orchestrations + Activities + Raised;

    /// <summary>
    /// Queue operations of the engine on Azure Storage: a message is put, got and deleted. An activity is two messages, any other work one.
    /// </summary>
    [JsonIgnore]
    public int EngineQueueOperations => (3 * Orchestrations) + (6 * Activities) + (3 * (Raised + Timers));

    /// <summary>
    /// Table operations of the engine on Azure Storage: its history grows by a batch for what reaches it; its start and end take five. With
    /// the queues, an orchestration of n activities is 7n + 8, as was counted on DurableTask.AzureStorage 2.9.
    /// </summary>
    [JsonIgnore]
    public int EngineTableOperations => (5 * Orchestrations) + Activities + Raised + Timers;

    /// <summary>What the broker is asked: to take a message, to hand out a copy, to settle it.</summary>
    [JsonIgnore]
    public int BusOperations => Sent + (2 * Delivered);

    /// <summary>
    /// Functions that run for it: the one that takes its start, the orchestrator, activities, and whoever gets a message. Messages that are
    /// received in batches run fewer.
    /// </summary>
    [JsonIgnore]
    public int Executions => 1 + OrchestratorRuns + Activities + Delivered;

    /// <param name="readers">How many queues or subscriptions take it.</param>
    public static Usage Message(int readers = 1) => new(Sent: 1, Delivered: readers);

    public static Usage operator +(Usage a, Usage b) => new(
        a.Requests + b.Requests, a.Sent + b.Sent, a.Delivered + b.Delivered, a.Orchestrations + b.Orchestrations,
        a.Activities + b.Activities, a.Raised + b.Raised, a.Timers + b.Timers);
}
