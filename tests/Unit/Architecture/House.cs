namespace Atomic.Unit.Architecture;

/// <summary>Who may refer to whom. A project that is missing here, or refers to more, does not pass.</summary>
internal static class House
{
    public const string Pure = "Transactions EventSourcing Messaging Services";

    public static readonly string[] Root =
        ["src", "tests", "infra", "local.settings.sample.json", "host.json", "Functions.sln", "README.md"];

    public static readonly string[] Contexts = ["Ordering", "Inventory", "Payments", "Shipping", "Approvals", "Travel", "Accounts"];

    public static readonly Dictionary<string, Allowed> Projects = new()
    {
        ["AzureApi"] = new("", "System.Memory.Data Microsoft.Azure.Functions.Worker Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore "
            + "Microsoft.Azure.Functions.Worker.Extensions.DurableTask Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged "
            + "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus Microsoft.Azure.Functions.Worker.Extensions.Timer Microsoft.DurableTask.Client Azure.Messaging.ServiceBus Azure.Identity "
            + "Azure.Monitor.OpenTelemetry.Exporter Microsoft.Azure.Functions.Worker.OpenTelemetry"),
        ["Transactions"] = new("", ""),
        ["EventSourcing"] = new("", ""),
        ["Messaging"] = new("EventSourcing", ""),
        ["Services"] = new("EventSourcing Messaging", ""),
        ["TableStorage"] = new("EventSourcing", "Azure.Data.Tables Azure.Storage.Blobs"),
        ["Functions"] = new("AzureApi Transactions EventSourcing Messaging Services TableStorage", "Microsoft.Azure.Functions.Worker.Sdk Microsoft.Extensions.Http.Resilience"),
        ["Verification"] = new("Functions", ""),
        ["LocalHost"] = new("Functions Verification", "Microsoft.Data.Sqlite NCrontab OpenTelemetry.Exporter.OpenTelemetryProtocol System.CommandLine"),
    };

    /// <summary>Names, separated by spaces.</summary>
    internal sealed record Allowed(string Projects, string Packages);
}
