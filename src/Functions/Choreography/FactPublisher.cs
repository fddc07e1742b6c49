using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Costs;
using Atomic.Functions.Operations;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Azure.Messaging.ServiceBus;

namespace Atomic.Functions.Choreography;

/// <summary>
/// States facts on the topic <c>events</c>, each as a CloudEvent. A fact is addressed by properties to the contexts that it concerns, as
/// the definition says, and no other subscription of participants gets it; whoever watches gets all.
/// </summary>
public sealed class FactPublisher
{
    /// <summary>The context that facts are published under.</summary>
    public const string Context = "transactions";

    private const string RecordedType = "TransactionRecorded.v1";

    private readonly BusSenders _senders;
    private readonly TimeProvider _time;

    internal FactPublisher(BusSenders senders, TimeProvider time) => (_senders, _time) = (senders, time);

    /// <summary>The property that addresses a context; a subscription of its participants filters by it.</summary>
    public static string AddressOf(string context) => $"to_{context}";

    /// <summary>Whether a message's subject says that it holds a <see cref="TransactionFact"/>.</summary>
    public static bool IsFact(string? subject) => subject is not null
        && subject.StartsWith($"atomic.{Context}.", StringComparison.Ordinal) && subject != $"atomic.{Context}.{RecordedType}";

    /// <summary>Whether a message's subject says that it holds a <see cref="TransactionRecord"/>.</summary>
    public static bool IsRecord(string? subject) => subject == $"atomic.{Context}.{RecordedType}";

    /// <summary>Publishes a fact to those it concerns.</summary>
    /// <param name="definition">The one that the transaction's input makes.</param>
    /// <param name="effort">What it took.</param>
    public Task PublishAsync(
        TransactionHeader transaction, Definition definition, Fact fact, IReadOnlyList<string> tokens, Effort effort, CancellationToken cancellation)
    {
        var concerned = definition.ConcernedBy(fact.Kind, fact.Step).Select(step => step.Participant).Distinct().ToList();
        return SendAsync(transaction, fact, concerned, tokens, effort, cancellation);
    }

    /// <summary>Publishes a fact to those who watch: an orchestrator itself knows its facts.</summary>
    public Task PublishAsync(TransactionHeader transaction, Fact fact, CancellationToken cancellation) =>
        SendAsync(transaction, fact, [], [], Effort.None, cancellation);

    /// <summary>Publishes all that an orchestrator knows of its transaction.</summary>
    public Task PublishAsync(TransactionRecord record, CancellationToken cancellation)
    {
        var message = ToMessage(record.Transaction, $"{record.Transaction.Id}:Recorded:{record.Facts.Count}", RecordedType, record.At, record);
        return _senders.Of(BusNames.Events).SendMessageAsync(message, cancellation);
    }

    private async Task SendAsync(
        TransactionHeader transaction, Fact fact, List<string> contexts, IReadOnlyList<string> tokens, Effort effort, CancellationToken cancellation)
    {
        var readers = BusTopology.Declared.Readers.GetValueOrDefault(Context) + contexts.Count;
        var at = _time.GetUtcNow();
        var type = fact.Kind == FactKind.Started ? "TransactionStarted.v1" : $"Step{fact.Kind}.v1";
        var message = ToMessage(
            transaction, $"{transaction.Id}:{fact.Step}:{fact.Kind}", type, at,
            new TransactionFact(transaction, fact, at, tokens) { Attempts = effort.Attempts, Used = effort.Used + Usage.Message(readers) });
        foreach (var context in contexts) message.ApplicationProperties[AddressOf(context)] = "yes";
        await _senders.Of(BusNames.Events).SendMessageAsync(message, cancellation);
        Meter.Sent(readers);
    }

    private static ServiceBusMessage ToMessage<TData>(TransactionHeader transaction, string id, string type, DateTimeOffset at, TData data)
    {
        var cloudEvent = new CloudEvent(
            "1.0", id, $"/{Context}", $"atomic.{Context}.{type}", transaction.Id, at, "application/json", $"/schemas/{Context}.{type}", "0",
            Traces.Onward(transaction.TraceParent), transaction.Id, id, CloudEvent.State, JsonSerializer.SerializeToElement(data, StorageJson.Options));
        return new ServiceBusMessage(BinaryData.FromObjectAsJson(cloudEvent, StorageJson.Options))
        {
            MessageId = id,
            Subject = cloudEvent.Type,
            CorrelationId = transaction.Id,
            ContentType = CloudEvent.ContentType,
            ApplicationProperties = { ["context"] = Context, ["coordination"] = transaction.Coordination, ["definition"] = transaction.Definition },
        };
    }
}
