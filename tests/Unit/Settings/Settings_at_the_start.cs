using Atomic.Functions.Access;
using Atomic.Functions.Settings;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Atomic.Unit.Settings;

/// <summary>What is wrong stops the start and is told by name, all of it at once.</summary>
public sealed class Settings_at_the_start
{
    private static readonly Dictionary<string, string?> OfAMachine = new()
    {
        ["EventStore"] = "UseDevelopmentStorage=true",
        ["ServiceBusConnection"] = "Endpoint=sb://localhost;UseDevelopmentEmulator=true;",
        ["TaskHub"] = "Atomic",
    };

    private static readonly Dictionary<string, string?> OfAzure = new()
    {
        ["EventStore__tableServiceUri"] = "https://stevents.table.core.windows.net",
        ["EventStore__clientId"] = "0c0e2a2b-6f0c-4e0f-9a0e-5f0d5c7a1a11",
        ["EventStoreExport__blobServiceUri"] = "https://stexport.blob.core.windows.net",
        ["EventStoreExport__clientId"] = "0c0e2a2b-6f0c-4e0f-9a0e-5f0d5c7a1a11",
        ["ServiceBusConnection__fullyQualifiedNamespace"] = "shop.servicebus.windows.net",
        ["TaskHub"] = "Atomic",
        ["Authorization__mode"] = "Entra",
        ["WEBSITE_AUTH_ENABLED"] = "True",
        ["Retention__histories"] = "90",
        ["OTEL_TRACES_SAMPLER_ARG"] = "0.25",
    };

    [Fact]
    public void Of_a_machine_are_read()
    {
        var read = Read(OfAMachine);

        Assert.Equal(("UseDevelopmentStorage=true", null, null), (read.EventStore.ConnectionString, read.EventStore.ServiceUri, read.EventStoreClient));
        Assert.Equal((AccessMode.Keys, TimeSpan.FromDays(30)), (read.Access, read.KeepHistories));
        Assert.Equal((null, null), (read.Export.ConnectionString, read.Export.ServiceUri));
        Assert.Equal(1f, read.TracesKept);
    }

    [Fact]
    public void Of_Azure_are_read()
    {
        var read = Read(OfAzure);

        Assert.Equal(("https://stevents.table.core.windows.net", "https://stexport.blob.core.windows.net"), (read.EventStore.ServiceUri, read.Export.ServiceUri));
        Assert.Equal(("shop.servicebus.windows.net", null), (read.BusNamespace, read.BusConnection));
        Assert.Equal((AccessMode.Entra, TimeSpan.FromDays(90)), (read.Access, read.KeepHistories));
        Assert.Equal(0.25f, read.TracesKept);
    }

    [Theory]
    [InlineData("EventStore", null)]
    [InlineData("EventStore", "stevents")]
    [InlineData("EventStore__tableServiceUri", "https://stevents.table.core.windows.net")]
    [InlineData("EventStore__clientId", "me")]
    [InlineData("EventStoreExport", "here")]
    [InlineData("EventStoreExport__blobServiceUri", "stexport.blob.core.windows.net")]
    [InlineData("EventStoreExport__blobServiceUri", "http://stexport.blob.core.windows.net")]
    [InlineData("EventStoreExport__clientId", "")]
    [InlineData("ServiceBusConnection", null)]
    [InlineData("ServiceBusConnection", "localhost")]
    [InlineData("ServiceBusConnection__fullyQualifiedNamespace", "shop.servicebus.windows.net")]
    [InlineData("TaskHub", null)]
    [InlineData("TaskHub", "a-b")]
    [InlineData("TaskHub", "ab")]
    [InlineData("TaskHub", "Atomic\n")]
    [InlineData("Services__ordering", "orders.example.org")]
    [InlineData("Authorization__mode", "entra")]
    [InlineData("Authorization__mode", "None")]
    [InlineData("Authorization__mode", "Loopback")]
    [InlineData("Authorization__mode", "Entra")]
    [InlineData("Retention__histories", "13")]
    [InlineData("Retention__histories", "366")]
    [InlineData("Retention__histories", "a month")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "1.01")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "-0.1")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "0,1")]
    public void That_are_wrong_are_named(string name, string? value)
    {
        var problem = Assert.Single(Problems(OfAMachine, (name, value)));

        Assert.Contains(name, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceBusConnection__fullyQualifiedNamespace", "sb://shop.servicebus.windows.net")]
    [InlineData("EventStore__tableServiceUri", "http://stevents.table.core.windows.net")]
    [InlineData("WEBSITE_AUTH_ENABLED", "False")]
    [InlineData("WEBSITE_AUTH_ENABLED", null)]
    public void That_are_wrong_in_Azure_are_named(string name, string? value) => Assert.Single(Problems(OfAzure, (name, value)));

    [Fact]
    public void Are_judged_together() =>
        Assert.Equal(3, Problems([], ("Retention__histories", "x"), ("TaskHub", "Atomic")).Count);

    [Fact]
    public void Say_no_secret() =>
        Assert.DoesNotContain("c2VjcmV0", string.Join('\n', Problems(OfAMachine, ("EventStore", "Key=c2VjcmV0"), ("ServiceBusConnection", "SharedAccessKey=c2VjcmV0"))), StringComparison.Ordinal);

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> settings, params (string Name, string? Value)[] changes)
    {
        var changed = new Dictionary<string, string?>(settings);
        foreach (var (name, value) in changes)
        {
            if (value is null) changed.Remove(name);
            else changed[name] = value;
        }

        return Assert.Throws<InvalidSettingsException>(() => Read(changed)).Problems;
    }

    private static AppConfiguration Read(Dictionary<string, string?> settings) => AppConfiguration.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Key.Replace("__", ":", StringComparison.Ordinal), each.Value))).Build());
}
