using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Atomic.Functions.Bus;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Projections;
using Atomic.Functions.Streams;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Flows;

/// <summary>A message that there is.</summary>
/// <param name="Kind"><c>command</c>: one addressee, which may refuse; <c>event</c>: has happened, whoever hears it.</param>
/// <param name="Transfer">Of an event: <c>state</c> when it carries its data, <c>notification</c> when they are read from the store.</param>
public sealed record FlowMessage(string Name, string Kind, string Context, string? Transfer, JsonNode Schema, JsonNode? Example);

/// <summary>Who sends what to whom, and how it travels.</summary>
/// <param name="Function">The function that takes it, where the bus brings it.</param>
/// <param name="Observed">How often this process has seen it since it started; null where nothing counts.</param>
public sealed record Flow(string From, string To, string Kind, string Message, string Via, string? Function, long? Observed);

/// <summary>The flow of messages as it is declared by types, triggers and topology, with what this process has seen of it.</summary>
public sealed partial class FlowMap(TransactionCatalog transactions, FlowCounts counts)
{
    private static readonly IReadOnlyDictionary<BusEntity, string> Functions = Triggers();

    /// <summary>Every message, commands first.</summary>
    public IReadOnlyList<FlowMessage> Messages { get; } =
    [
        .. Commands().Select(command => Message(command.Type.Name, "command", command.Context, null, command.Type)),
        .. AggregateCatalog.All.SelectMany(aggregate => aggregate.Events.Current.Select(schema =>
            Message(schema.Name, "event", aggregate.Context, schema.Transfer.ToString().ToLowerInvariant(), schema.Type))).OrderBy(message => message.Name, StringComparer.Ordinal),
    ];

    public IEnumerable<Flow> Flows() => [.. Sent(), .. Asked(), .. Heard()];

    private static FlowMessage Message(string name, string kind, string context, string? transfer, Type type)
    {
        var schema = MessageSchemas.SchemaOf(type);
        return new FlowMessage(name, kind, context, transfer, schema, MessageSchemas.ExampleOf(schema));
    }

    // What comes over HTTP goes to the queue of its service.
    private IEnumerable<Flow> Sent() => CommandCatalog.All.Select(command =>
    {
        var queue = new BusEntity(BusNames.CommandsOf(command.Context), null);
        return new Flow("http", command.Context, "command", command.Name, queue.ToString(), Functions.GetValueOrDefault(queue), counts.OfCommand(command.Context, command.Name));
    });

    // What a transaction asks of its participants.
    private IEnumerable<Flow> Asked() =>
        from name in transactions.Names
        from step in transactions.Newest(name)!.Definition.Steps
        from command in new[] { step.Command, step.Compensation }
        where command is not null
        select new Flow(name, step.Participant, "command", command, "activity", command, null);

    // What the topic brings to whom: by the subscriptions' filters, narrowed to the streams that a projection reads.
    private IEnumerable<Flow> Heard() =>
        from topic in BusTopology.Declared.Topics
        from subscription in topic.Subscriptions
        let entity = new BusEntity(topic.Name, subscription.Name)
        let projection = ProjectionCatalog.Find(subscription.Name)
        from aggregate in AggregateCatalog.All
        where projection is null || projection.Sources.Any(source => source.Category == aggregate.Category)
        from schema in aggregate.Events.Current
        where Takes(subscription, aggregate.Context, schema.Name)
        select new Flow(
            aggregate.Context, subscription.Name, "event", schema.Name, entity.ToString(), Functions.GetValueOrDefault(entity),
            counts.OfHeard(subscription.Name, schema.Name));

    // The texts that a filter compares with: it takes a context that it names, and where it names types too, these alone.
    private static bool Takes(SubscriptionDeclaration subscription, string context, string type)
    {
        var named = Literal().Matches($"{subscription.Filter?.Sql} {subscription.Filter?.Correlation}".Replace('"', '\'')).Select(match => match.Groups[1].Value).ToHashSet();
        var contexts = AggregateCatalog.All.Select(aggregate => aggregate.Context).Where(named.Contains).ToHashSet();
        var types = AggregateCatalog.All.SelectMany(aggregate => aggregate.Events.Names).Where(name => named.Contains(name) || named.Contains($"atomic.{name}")).ToHashSet();
        return (contexts.Count == 0 || contexts.Contains(context)) && (types.Count == 0 || types.Contains(type));
    }

    private static IEnumerable<(string Context, Type Type)> Commands()
    {
        var handlers = from method in Assembly.GetAssembly(typeof(Services.Id))!.GetTypes().Where(type => type.Name.EndsWith("Handlers", StringComparison.Ordinal)).SelectMany(type => type.GetMethods())
                       where method.Name == "HandleAsync"
                       let command = method.GetParameters()[0].ParameterType
                       select (command.Namespace!.Split('.')[^1].ToLowerInvariant(), command);
        return handlers.Distinct().OrderBy(each => each.command.Name, StringComparer.Ordinal);
    }

    private static Dictionary<BusEntity, string> Triggers() =>
        (from type in Assembly.GetExecutingAssembly().GetTypes()
         from method in type.GetMethods()
         let function = method.GetCustomAttribute<FunctionAttribute>()
         where function is not null
         from parameter in method.GetParameters()
         let trigger = parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()
         where trigger is not null
         select (new BusEntity(trigger.TopicName ?? trigger.QueueName!, trigger.SubscriptionName), function.Name)).ToDictionary();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Literal();
}
