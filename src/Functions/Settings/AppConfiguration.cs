using System.Globalization;
using Atomic.Functions.Access;
using Atomic.Functions.Costs;
using Atomic.Functions.Overview;
using Atomic.TableStorage.Export;
using Microsoft.Extensions.Configuration;

namespace Atomic.Functions.Settings;

/// <summary>What the app is told by its settings. All of them are read, and judged, before anything runs.</summary>
public sealed record AppConfiguration
{
    public const int LeastDays = 14;
    public const int MostDays = 365;

    private AppConfiguration()
    {
    }

    /// <summary>Where the events are: <c>EventStore</c>, a connection string, or <c>EventStore__tableServiceUri</c>, an address.</summary>
    public required StorageAddress EventStore { get; init; }

    /// <summary>Who reads and writes them: <c>EventStore__clientId</c>, of a managed identity.</summary>
    public string? EventStoreClient { get; init; }

    /// <summary>Where the events are exported to: <c>EventStoreExport</c>, or <c>EventStoreExport__blobServiceUri</c>; nowhere unless set.</summary>
    public required StorageAddress Export { get; init; }

    public string? ExportClient { get; init; }

    /// <summary><c>ServiceBusConnection</c>, a connection string; null where the namespace is given.</summary>
    public string? BusConnection { get; init; }

    /// <summary><c>ServiceBusConnection__fullyQualifiedNamespace</c>, as in <c>shop.servicebus.windows.net</c>.</summary>
    public string? BusNamespace { get; init; }

    /// <summary><c>Authorization__mode</c>: <c>Keys</c>, which is the default, or <c>Entra</c>.</summary>
    public AccessMode Access { get; init; }

    /// <summary>
    /// <c>Retention__histories</c>: for how many days the history of a transaction is kept after its end; 14 to 365, 30 unless set. More than
    /// the seven days that a message may live, so that whatever is still under way finds the transaction it belongs to.
    /// </summary>
    public TimeSpan KeepHistories { get; init; }

    /// <summary>
    /// <c>OTEL_TRACES_SAMPLER_ARG</c>: the share of traces that is sent to Azure Monitor, from 0 to 1; all unless set. The Functions host reads the
    /// same setting for its own. Logs and metrics are sent whole.
    /// </summary>
    public float TracesKept { get; init; } = 1;

    /// <summary><c>Prices__…</c>: what a million of each operation costs; list prices unless set.</summary>
    public PriceList Prices { get; init; } = new();

    /// <exception cref="InvalidSettingsException">A setting is missing, or not what it must be; the message names each.</exception>
    public static AppConfiguration Read(IConfiguration settings)
    {
        var problems = new List<string>();
        var read = new AppConfiguration
        {
            EventStore = Address("EventStore", "tableServiceUri", settings["EventStore"], settings["EventStore:tableServiceUri"], problems),
            EventStoreClient = Client("EventStore", settings["EventStore:clientId"], problems),
            Export = Address("EventStoreExport", "blobServiceUri", settings["EventStoreExport"], settings["EventStoreExport:blobServiceUri"], problems),
            ExportClient = Client("EventStoreExport", settings["EventStoreExport:clientId"], problems),
            BusConnection = settings["ServiceBusConnection"],
            BusNamespace = settings["ServiceBusConnection:fullyQualifiedNamespace"],
            Access = Mode(settings["Authorization:mode"], settings["WEBSITE_AUTH_ENABLED"], problems),
            KeepHistories = Days("Retention__histories", settings["Retention:histories"], 30, problems),
            TracesKept = Share("OTEL_TRACES_SAMPLER_ARG", settings["OTEL_TRACES_SAMPLER_ARG"], problems),
            Prices = PriceList.Read(settings, problems),
        };
        if (read.EventStore is { ConnectionString: null, ServiceUri: null })
            problems.Add("EventStore is not set: set it to a connection string, or EventStore__tableServiceUri to the address of an account's table service.");
        problems.AddRange(read.ProblemsOfBus());
        if (settings["TaskHub"] is not { } hub || !SettingForms.IsTaskHub(hub))
            problems.Add($"TaskHub is '{settings["TaskHub"]}', and must name the task hub with 3 to 45 letters and digits, of which the first is a letter.");
        problems.AddRange(ServiceAddresses.Problems(settings));
        return problems.Count == 0 ? read : throw new InvalidSettingsException(problems);
    }

    private IEnumerable<string> ProblemsOfBus()
    {
        if (BusConnection is null && BusNamespace is null)
            yield return "ServiceBusConnection is not set: set it to a connection string, or ServiceBusConnection__fullyQualifiedNamespace to the name of a namespace.";
        if (BusConnection is not null && BusNamespace is not null)
            yield return "ServiceBusConnection is set beside ServiceBusConnection__fullyQualifiedNamespace: which one is meant, nobody can tell.";
        if (BusConnection is not null && !BusConnection.Contains("Endpoint=sb://", StringComparison.OrdinalIgnoreCase))
            yield return "ServiceBusConnection is no connection string of a namespace: it has no Endpoint=sb://….";
        if (BusNamespace is not null && Uri.CheckHostName(BusNamespace) != UriHostNameType.Dns)
            yield return $"ServiceBusConnection__fullyQualifiedNamespace is '{BusNamespace}', and must be a host's name, as in shop.servicebus.windows.net.";
    }

    private static StorageAddress Address(string name, string service, string? connection, string? uri, List<string> problems)
    {
        if (connection is not null && uri is not null) problems.Add($"{name} is set beside {name}__{service}: which one is meant, nobody can tell.");
        if (connection is not null && !SettingForms.IsConnectionString(connection)) problems.Add($"{name} is no connection string of a storage account.");
        if (uri is not null && !SettingForms.IsServiceAddress(uri))
            problems.Add($"{name}__{service} is '{uri}', and must be an address that begins with https://.");
        return new StorageAddress(connection, uri);
    }

    private static string? Client(string name, string? id, List<string> problems)
    {
        if (id is not null && !Guid.TryParse(id, out _)) problems.Add($"{name}__clientId is '{id}', and must be the client id of a managed identity.");
        return id;
    }

    private static AccessMode Mode(string? mode, string? appService, List<string> problems)
    {
        switch (mode)
        {
            case null or nameof(AccessMode.Keys):
                return AccessMode.Keys;
            case nameof(AccessMode.Entra) when bool.TryParse(appService, out var asks) && asks:
                return AccessMode.Entra;
            case nameof(AccessMode.Entra):
                problems.Add("Authorization__mode is Entra, and App Service asks nobody who they are: switch its authentication on, or anyone could say who they like.");
                return AccessMode.Entra;
            default:
                problems.Add($"Authorization__mode is '{mode}', and must be Keys or Entra.");
                return AccessMode.Keys;
        }
    }

    private static float Share(string name, string? text, List<string> problems)
    {
        if (text is null) return 1;
        if (float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1) return share;
        problems.Add($"{name} is '{text}', and must be a share from 0 to 1, as in 0.1.");
        return 1;
    }

    private static TimeSpan Days(string name, string? text, int otherwise, List<string> problems)
    {
        if (text is null) return TimeSpan.FromDays(otherwise);
        if (int.TryParse(text, out var days) && days is >= LeastDays and <= MostDays) return TimeSpan.FromDays(days);
        problems.Add($"{name} is '{text}', and must be a whole number of days from {LeastDays} to {MostDays}.");
        return TimeSpan.FromDays(otherwise);
    }
}
