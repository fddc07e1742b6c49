using System.Text.Json;
using System.Text.RegularExpressions;
using Atomic.Functions;
using Azure.Messaging.ServiceBus;

namespace Atomic.Verification.Simulation;

/// <summary>
/// The broker in memory, with the queues, subscriptions and filters of <c>infra/service-bus.json</c>: messages wait until they are chosen,
/// come again until they are settled, and are dead-lettered after as many deliveries as their entity allows.
/// </summary>
public sealed partial class SimulatedBus
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(90);

    private readonly Scheduler _scheduler;
    private readonly IFaults _faults;
    private static readonly (Dictionary<string, Entity> Queues, Dictionary<string, List<Entity>> Topics) Topology = ReadTopology();

    private readonly Dictionary<(string Path, string Id), DateTimeOffset> _seen = [];
    private readonly Dictionary<Letter, SimulatedActions> _underWay = new(ReferenceEqualityComparer.Instance);

    public SimulatedBus(Scheduler scheduler, IFaults faults) => (_scheduler, _faults) = (scheduler, faults);

    /// <summary>Hands a message of a queue or subscription to its function; false when there is none.</summary>
    public Func<string, ServiceBusReceivedMessage, SimulatedActions, Task<bool>> Deliver { get; set; } = (_, _, _) => Task.FromResult(false);

    /// <summary>The calls of the process that messages are delivered to.</summary>
    public required Func<Points> Receiver { get; init; }

    /// <summary>Which queues and subscriptions keep what is sent to them; by default all do.</summary>
    public Func<string, bool> Keeps { get; init; } = _ => true;

    /// <summary>Told of each message that a queue or subscription does not keep.</summary>
    public Action<string, ServiceBusMessage> Passing { get; set; } = (_, _) => { };

    /// <summary>What lies where no function takes it: dead letters, and messages of entities without a function.</summary>
    public List<(string Path, ServiceBusReceivedMessage Message)> Lying { get; } = [];

    /// <summary>What functions threw instead of settling their message.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Messages delivered, by path.</summary>
    public Dictionary<string, int> Delivered { get; } = [];

    /// <summary>The broker as a process reaches it.</summary>
    public ServiceBusClient Connect(Points process) => new SimulatedConnection(this, process);

    /// <summary>The process that had them is no more: whatever it has not settled is delivered again.</summary>
    public void DeliverAgain()
    {
        var underWay = _underWay.ToList();
        _underWay.Clear();
        foreach (var (letter, actions) in underWay) Settle(letter, actions.Settlement);
    }

    internal Task SendAsync(string entity, ServiceBusMessage message, DateTimeOffset due, Points process) =>
        process.PassAsync($"send {entity} {message.MessageId}", () =>
        {
            if (Topology.Queues.TryGetValue(entity, out var queue)) Enqueue(queue, message, due);
            else foreach (var subscription in Topology.Topics[entity].Where(each => each.Accepts(message))) Enqueue(subscription, message, due);
            return Task.FromResult(true);
        });

    private void Enqueue(Entity entity, ServiceBusMessage message, DateTimeOffset due)
    {
        if (!Keeps(entity.Path))
        {
            Passing(entity.Path, message);
            return;
        }

        var now = _scheduler.Time.GetUtcNow();
        if (entity.DuplicateWindow is { } window)
        {
            var id = message.MessageId ?? throw new InvalidOperationException($"A message to {entity.Path} has no id.");
            if (_seen.TryGetValue((entity.Path, id), out var seen) && now - seen < window) return;
            _seen[(entity.Path, id)] = now;
        }

        var fault = _faults.At($"queue {entity.Path} {message.MessageId}");
        if (fault != Fault.Lost) Put(new Letter(entity, entity.Path, message, 0), fault == Fault.Held ? (due > now ? due : now) + Hold : due);
    }

    private void Put(Letter letter, DateTimeOffset due) =>
        _scheduler.At(due, $"deliver {letter.Path} {letter.Message.MessageId}", () => DeliverAsync(letter));

    private async Task DeliverAsync(Letter letter)
    {
        var received = letter.Received();
        var actions = new SimulatedActions(letter.Path, Receiver());
        _underWay.Add(letter, actions);
        try
        {
            Delivered[letter.Path] = Delivered.GetValueOrDefault(letter.Path) + 1;
            if (!await Deliver(letter.Path, received, actions))
            {
                _underWay.Remove(letter);
                Lying.Add((letter.Path, received));
                return;
            }
        }
        catch (Exception failure)
        {
            Failures.Add(failure);
            if (actions.Settlement != Settlement.Completed) actions.Settlement = Settlement.Abandoned;
        }

        // Else its process ended, and it has been taken care of.
        if (_underWay.Remove(letter)) Settle(letter, actions.Settlement);
    }

    private void Settle(Letter letter, Settlement settlement)
    {
        var next = letter with { Deliveries = letter.Deliveries + 1 };
        var twice = settlement == Settlement.Completed && letter.Deliveries == 0 && _faults.At($"deliver {letter.Path} {letter.Message.MessageId}") == Fault.Twice;
        if (settlement == Settlement.DeadLettered || (settlement == Settlement.Abandoned && next.Deliveries >= letter.Entity.MaxDeliveries))
            Put(next with { Path = $"{letter.Entity.Path}/$DeadLetterQueue", Deliveries = 0 }, _scheduler.Time.GetUtcNow());
        else if (settlement != Settlement.Completed || twice)
            Put(next, _scheduler.Time.GetUtcNow());
    }

    private static (Dictionary<string, Entity> Queues, Dictionary<string, List<Entity>> Topics) ReadTopology()
    {
        using var file = typeof(FunctionApp).Assembly.GetManifestResourceStream("service-bus.json")!;
        using var topology = JsonDocument.Parse(file);
        return (
            topology.RootElement.GetProperty("queues").EnumerateArray().ToDictionary(NameOf, queue => Entity.Of(queue, NameOf(queue), _ => true)),
            topology.RootElement.GetProperty("topics").EnumerateArray().ToDictionary(NameOf, topic => topic.GetProperty("subscriptions").EnumerateArray()
                .Select(subscription => Entity.Of(
                    subscription, $"{NameOf(topic)}/{NameOf(subscription)}", FilterOf(subscription.GetProperty("filter").GetProperty("sql").GetString()!)))
                .ToList()));
    }

    private static string NameOf(JsonElement entity) => entity.GetProperty("name").GetString()!;

    private static Func<ServiceBusMessage, bool> FilterOf(string sql)
    {
        var equalities = sql.Split(" AND ").Select(EqualityOf).ToList();
        return message => equalities.TrueForAll(holds => holds(message));
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
