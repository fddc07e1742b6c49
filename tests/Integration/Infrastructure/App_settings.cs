using System.Text.Json;
using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>What is deployed as a setting is read, and what is read is deployed.</summary>
public sealed partial class App_settings
{
    // App Service sets the host's name itself, and whether it asks who calls; a key is only needed for services that run elsewhere.
    private static readonly string[] NotOurs = ["WEBSITE_HOSTNAME", "WEBSITE_AUTH_ENABLED", "Services__key"];

    // The host and the worker read these by themselves. Those that end in "__" are groups.
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AzureWebJobsStorage__",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__", "DURABLE_TASK_SCHEDULER_CONNECTION_STRING", "FUNCTIONS_WORKER_RUNTIME",
        "OTEL_TRACES_SAMPLER",
    ];

    private static readonly string[] OnlyLocal = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"];

    // Without them, telemetry and the export have nowhere to go to, and do nothing.
    private static readonly string[] OnlyInAzure = ["APPLICATIONINSIGHTS_CONNECTION_STRING", "EventStoreExport", "OTEL_TRACES_SAMPLER_ARG"];

    /// <summary>Names that the code asks for, with the separator of environment variables.</summary>
    private static HashSet<string> ReadByCode { get; } = Repository.Files("src/Functions", "*.cs")
        .SelectMany(file => Indexer().Matches(Repository.Read(file))).Select(match => match.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal)).ToHashSet();

    private static HashSet<string> ReadByHostJson { get; } =
        Percent().Matches(Repository.Read("host.json")).Select(match => match.Groups[1].Value).ToHashSet();

    /// <summary>Groups of settings that triggers name as their connection.</summary>
    private static HashSet<string> Connections { get; } =
        Triggers.Of("ServiceBusTriggerAttribute").Select(trigger => (string)trigger.Named("Connection")!).ToHashSet();

    private static HashSet<string> Sample
    {
        get
        {
            using var sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
            return sample.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name).ToHashSet();
        }
    }

    public static TheoryData<string> Snapshots => new(Snapshot.Names);

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void That_are_read_are_deployed(string snapshot)
    {
        var deployed = Snapshot.Read(snapshot).Settings.Keys.ToHashSet();

        Assert.NotEmpty(ReadByCode);
        Assert.NotEmpty(ReadByHostJson);
        Assert.Empty(Missing(ReadByCode.Concat(ReadByHostJson).Except(NotOurs), deployed));
        Assert.All(Connections, connection => Assert.Contains($"{connection}__credential", deployed));
    }

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void That_are_deployed_are_read(string snapshot) => Assert.Empty(Unread(Snapshot.Read(snapshot).Settings.Keys));

    [Fact]
    public void Of_a_machine_are_in_the_sample() =>
        Assert.Equal(
            ReadByCode.Where(name => !name.Contains("__", StringComparison.Ordinal)).Except(OnlyInAzure).Except(NotOurs).Concat(ReadByHostJson).Concat(OnlyLocal).Distinct().Order(StringComparer.Ordinal),
            Sample.Order(StringComparer.Ordinal));

    [Fact]
    public void Name_one_task_hub_everywhere()
    {
        using var sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        var local = sample.RootElement.GetProperty("Values").GetProperty("TaskHub").GetString();

        Assert.All(Snapshot.Names, name => Assert.Equal(local, Snapshot.Read(name).Settings["TaskHub"]));
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", local);
    }

    [Fact]
    public void That_nobody_deploys_are_seen() => Assert.Equal(["Payments__url"], Missing(["Payments__url", "EventStore", "TaskHub"], ["EventStore__tableServiceUri", "TaskHub"]));

    [Fact]
    public void That_nobody_reads_are_seen() => Assert.Equal(["Payments__url"], Unread(["Payments__url", "EventStore__clientId", "AzureWebJobsStorage__clientId"]));

    // A connection string stands for itself on a machine, and for a group of settings in Azure.
    private static IEnumerable<string> Missing(IEnumerable<string> read, HashSet<string> deployed) =>
        read.Where(name => !deployed.Contains(name) && !deployed.Any(each => each.StartsWith($"{name}__", StringComparison.Ordinal)));

    // The credential of a group is read by whoever reads the group.
    private static IEnumerable<string> Unread(IEnumerable<string> deployed) => deployed.Where(name =>
        !ReadByCode.Contains(name) && !ReadByHostJson.Contains(name)
        && !OfTheHost.Any(each => name == each || (each.EndsWith("__", StringComparison.Ordinal) && name.StartsWith(each, StringComparison.Ordinal)))
        && !Connections.Any(connection => name.StartsWith($"{connection}__", StringComparison.Ordinal))
        && !(name.EndsWith("__credential", StringComparison.Ordinal) && ReadByCode.Any(read => read.StartsWith(name[..^"credential".Length], StringComparison.Ordinal))));

    [GeneratedRegex("(?:settings|[Cc]onfiguration)\\[\"([\\w:]+)\"\\]")]
    private static partial Regex Indexer();

    [GeneratedRegex("\"%(\\w+)%\"")]
    private static partial Regex Percent();
}
