using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;

namespace Atomic.Testing.Simulation;

/// <summary>
/// The broker in memory, with the queues, subscriptions and filters of <c>infra/service-bus.json</c>: messages wait until they are chosen,
/// come again until they are settled, and are dead-lettered after as many deliveries as their entity allows.
/// </summary>
public sealed partial class SimulatedBus : ServiceBusClient
{
    private readonly Scheduler _scheduler;
    private readonly Points _points;
    private readonly IFaults _faults;
    private readonly Dictionary<string, Entity> _queues = [];
    private readonly Dictionary<string, List<Entity>> _topics = [];
    private readonly Dictionary<(string Path, string Id), DateTimeOffset> _seen = [];

    public SimulatedBus(Scheduler scheduler, Points points, IFaults faults)
    {
        (_scheduler, _points, _faults) = (scheduler, points, faults);
        using var topology = JsonDocument.Parse(Repository.Read("infra/service-bus.json"));
        foreach (var queue in topology.RootElement.GetProperty("queues").EnumerateArray())
        {
            var entity = Entity.Of(queue, NameOf(queue), _ => true);
            _queues.Add(entity.Path, entity);
        }

        foreach (var topic in topology.RootElement.GetProperty("topics").EnumerateArray())
        {
            _topics.Add(NameOf(topic), [.. topic.GetProperty("subscriptions").EnumerateArray().Select(subscription => Entity.Of(
                subscription, $"{NameOf(topic)}/{NameOf(subscription)}", FilterOf(subscription.GetProperty("filter").GetProperty("sql").GetString()!)))]);
        }
    }

    /// <summary>Hands a message of a queue or subscription to its function; false when there is none.</summary>
    public Func<string, ServiceBusReceivedMessage, SimulatedActions, Task<bool>> Deliver { get; set; } = (_, _, _) => Task.FromResult(false);

    /// <summary>What lies where no function takes it: dead letters, and messages of entities without a function.</summary>
    public List<(string Path, ServiceBusReceivedMessage Message)> Lying { get; } = [];

    /// <summary>What functions threw instead of settling their message.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Messages delivered, by path.</summary>
    public Dictionary<string, int> Delivered { get; } = [];

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new SimulatedSender(this, queueOrTopicName);

    /// <summary>There is nothing to dispose of, and the client's own disposal belongs to a connection.</summary>
#pragma warning disable CA2215
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215

    internal Task SendAsync(string entity, ServiceBusMessage message, DateTimeOffset due) =>
        _points.PassAsync($"send {entity} {message.MessageId}", () =>
        {
            if (_queues.TryGetValue(entity, out var queue)) Enqueue(queue, message, due);
            else foreach (var subscription in _topics[entity].Where(each => each.Accepts(message))) Enqueue(subscription, message, due);
            return Task.FromResult(true);
        });

    private void Enqueue(Entity entity, ServiceBusMessage message, DateTimeOffset due)
    {
        var now = _scheduler.Time.GetUtcNow();
        if (entity.DuplicateWindow is { } window)
        {
            var id = message.MessageId ?? throw new InvalidOperationException($"A message to {entity.Path} has no id.");
            if (_seen.TryGetValue((entity.Path, id), out var seen) && now - seen < window) return;
            _seen[(entity.Path, id)] = now;
        }

        Put(new Letter(entity, entity.Path, message, 0), due);
    }

    private void Put(Letter letter, DateTimeOffset due) =>
        _scheduler.At(due, $"deliver {letter.Path} {letter.Message.MessageId}", () => DeliverAsync(letter));

    private async Task DeliverAsync(Letter letter)
    {
        var received = letter.Received();
        var actions = new SimulatedActions(letter.Path, _points);
        try
        {
            Delivered[letter.Path] = Delivered.GetValueOrDefault(letter.Path) + 1;
            if (!await Deliver(letter.Path, received, actions))
            {
                Lying.Add((letter.Path, received));
                return;
            }
        }
        catch (Exception failure)
        {
            Failures.Add(failure);
            if (actions.Settlement != Settlement.Completed) actions.Settlement = Settlement.Abandoned;
        }

        var next = letter with { Deliveries = letter.Deliveries + 1 };
        var twice = actions.Settlement == Settlement.Completed && letter.Deliveries == 0 && _faults.At($"deliver {letter.Path} {letter.Message.MessageId}") == Fault.Twice;
        if (actions.Settlement == Settlement.DeadLettered || (actions.Settlement == Settlement.Abandoned && next.Deliveries >= letter.Entity.MaxDeliveries))
            Put(next with { Path = $"{letter.Entity.Path}/$DeadLetterQueue", Deliveries = 0 }, _scheduler.Time.GetUtcNow());
        else if (actions.Settlement != Settlement.Completed || twice)
            Put(next, _scheduler.Time.GetUtcNow());
    }

    private static string NameOf(JsonElement entity) => entity.GetProperty("name").GetString()!;

    private static Func<ServiceBusMessage, bool> FilterOf(string sql)
    {
        var equalities = sql.Split(" AND ").Select(EqualityOf).ToList();
        return message => equalities.All(holds => holds(message));
    }

    private static Func<ServiceBusMessage, bool> EqualityOf(string sql)
    {
        var equality = Equality().Match(sql);
        if (!equality.Success) throw new NotSupportedException($"The filter '{sql}' is no equality of a property and a text.");
        var (property, value) = (equality.Groups["property"].Value, equality.Groups["value"].Value);
        return property == "sys.Label"
            ? message => message.Subject == value
            : message => message.ApplicationProperties.TryGetValue(property, out var found) && value.Equals(found);
    }

    [GeneratedRegex(@"^(?<property>(sys\.)?\w+) = '(?<value>[^']*)'$")]
    private static partial Regex Equality();

    private sealed record Entity(string Path, int MaxDeliveries, TimeSpan? DuplicateWindow, Func<ServiceBusMessage, bool> Accepts)
    {
        public static Entity Of(JsonElement entity, string path, Func<ServiceBusMessage, bool> accepts) => new(
            path,
            entity.GetProperty("maxDeliveryCount").GetInt32(),
            entity.TryGetProperty("duplicateDetection", out var window) ? System.Xml.XmlConvert.ToTimeSpan(window.GetString()!) : null,
            accepts);
    }

    private sealed record Letter(Entity Entity, string Path, ServiceBusMessage Message, int Deliveries)
    {
        public ServiceBusReceivedMessage Received() => ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: Message.Body, messageId: Message.MessageId, subject: Message.Subject, correlationId: Message.CorrelationId,
            contentType: Message.ContentType, properties: new Dictionary<string, object>(Message.ApplicationProperties), deliveryCount: Deliveries + 1);
    }
}
