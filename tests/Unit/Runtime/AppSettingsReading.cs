using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class AppSettingsReading
{
    [Fact]
    public void Parse_TheSampleOfTheRepository_ConnectsToTheEmulators()
    {
        var settings = AppSettings.Parse(AppSettings.Sample, Repository.Read(AppSettings.Sample));
        var problems = new List<string>();

        settings.RequireDevelopmentStorage("AzureWebJobsStorage", problems);
        settings.RequireDevelopmentStorage("EventStore", problems);
        settings.RequireDevelopmentBus("ServiceBusConnection", problems);

        Assert.Empty(problems);
        Assert.Equal("Atomic", settings.Resolve("%TaskHub%", "here", problems));
    }

    [Theory]
    [InlineData("EventStore", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=c2VjcmV0", "The setting EventStore must be UseDevelopmentStorage=true")]
    [InlineData("EventStore__tableServiceUri", "https://shop.table.core.windows.net", "it is given as EventStore__")]
    [InlineData("Other", "x", "local.settings.json has no value EventStore")]
    public void RequireDevelopmentStorage_AnotherConnection_IsRefusedWithoutItsSecret(string name, string value, string problem)
    {
        var problems = new List<string>();

        With(name, value).RequireDevelopmentStorage("EventStore", problems);

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void RequireDevelopmentBus_ANamespaceInAzure_IsRefused()
    {
        var problems = new List<string>();

        With("Bus__fullyQualifiedNamespace", "shop.servicebus.windows.net").RequireDevelopmentBus("Bus", problems);

        Assert.Contains("UseDevelopmentEmulator=true", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ASettingThatIsMissing_IsNamedWithWhoAsksForIt()
    {
        var problems = new List<string>();

        With("A", "1").Resolve("%A%-%B%", "The trigger of function F", problems);

        Assert.Equal(["The trigger of function F says %B%, and local.settings.json has no value B."], problems);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "IsEncrypted is honoured by the embedded host with the value false only")]
    [InlineData("""{ "ConnectionStrings": {} }""", "ConnectionStrings is not honoured")]
    [InlineData("""{ "Host": { "CORS": "*" } }""", "Host.CORS is not honoured")]
    [InlineData("""{ "Host": { "LocalHttpPort": 70000 } }""", "Host.LocalHttpPort must be a whole number from 1 to 65535")]
    [InlineData("""{ "Values": { "AzureFunctionsJobHost__extensions__http__routePrefix": "x" } }""", "Values.AzureFunctionsJobHost__extensions__http__routePrefix is not honoured")]
    [InlineData("""{ "Values": { "WEBSITE_TIME_ZONE": "CET" } }""", "Values.WEBSITE_TIME_ZONE is not honoured")]
    [InlineData("""{ "Values": { "FUNCTIONS_WORKER_RUNTIME": "node" } }""", "FUNCTIONS_WORKER_RUNTIME must be dotnet-isolated")]
    public void Parse_WhatTheHostDoesNotHonour_IsRefusedByName(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<StartupException>(() => AppSettings.Parse(AppSettings.File, text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    public void IsDisabled_OfAFunction_IsWhatItsSettingSays(string value, bool disabled) =>
        Assert.Equal(disabled, With("AzureWebJobs.Sweep.Disabled", value).IsDisabled("Sweep"));

    [Fact]
    public void Port_OfTheFile_IsItsLocalHttpPort() =>
        Assert.Equal(7000, AppSettings.Parse(AppSettings.File, """{ "Host": { "LocalHttpPort": 7000 } }""").Port);

    private static AppSettings With(string name, string value) =>
        AppSettings.Parse(AppSettings.File, $$"""{ "Values": { "{{name}}": "{{value}}" } }""");
}
