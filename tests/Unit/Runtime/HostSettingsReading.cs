using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Testing;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class HostSettingsReading
{
    [Fact]
    public void Parse_TheFileOfTheRepository_HonoursAllOfIt()
    {
        var settings = HostSettings.Parse(Repository.Read("host.json"));

        Assert.Equal(TimeSpan.FromMinutes(5), settings.FunctionTimeout);
        Assert.Equal(("", 800, 400), (settings.Http.RoutePrefix, settings.Http.MaxOutstandingRequests, settings.Http.MaxConcurrentRequests));
        Assert.Equal("nosniff", settings.Http.CustomHeaders["X-Content-Type-Options"]);
        Assert.Equal(TimeSpan.FromDays(365), settings.Http.Hsts?.MaxAge);
        Assert.Equal((false, 0, 16), (settings.ServiceBus.AutoCompleteMessages, settings.ServiceBus.PrefetchCount, settings.ServiceBus.MaxConcurrentCalls));
        Assert.Equal(TimeSpan.FromSeconds(30), settings.ServiceBus.SessionIdleTimeout);
        Assert.Equal(
            (ServiceBusRetryMode.Exponential, 5, TimeSpan.FromSeconds(0.5)),
            (settings.ServiceBus.ClientRetryOptions.Mode, settings.ServiceBus.ClientRetryOptions.MaxRetries, settings.ServiceBus.ClientRetryOptions.Delay));
        Assert.Equal("1.1.0", settings.DurableTask.DefaultVersion);
        Assert.Equal(("%TaskHub%", 32), (settings.DurableTask.HubName, settings.DurableTask.MaxConcurrentActivityFunctions));
    }

    [Theory]
    [InlineData("""{ "version": "2.0", "colour": 1 }""", "host.json: colour is not honoured by the embedded host")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": {} } }""", "host.json: logging is not honoured by the embedded host")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "foo": 1 } } }""", "host.json: extensions.serviceBus.foo is not honoured by the embedded host")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "clientRetryOptions": { "foo": 1 } } } }""", "extensions.serviceBus.clientRetryOptions.foo")]
    [InlineData("""{ "version": "2.0", "extensions": { "eventHubs": {} } }""", "extensions.eventHubs is not honoured")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "storageProvider": {} } } }""", "extensions.durableTask.storageProvider is not honoured")]
    public void Parse_UnknownSetting_IsRefusedByItsPath(string text, string problem) => AssertRefused(text, problem);

    [Theory]
    [InlineData("""{ }""", "version must be \"2.0\"")]
    [InlineData("""{ "version": "1.0" }""", "version must be \"2.0\"")]
    [InlineData("""{ "version": "2.0", "telemetryMode": "ApplicationInsights" }""", "telemetryMode is honoured by the embedded host with the value OpenTelemetry only")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "5 minutes" }""", "functionTimeout must be a time")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "maxConcurrentRequests": "many" } } }""", "extensions.http.maxConcurrentRequests must be a whole number of at least -1")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "dynamicThrottlesEnabled": true } } }""", "extensions.http.dynamicThrottlesEnabled is honoured")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "customHeaders": { "X-A": 1 } } } }""", "extensions.http.customHeaders.X-A must be text")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": [] } }""", "extensions.http must be an object")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "maxConcurrentCalls": 0 } } }""", "extensions.serviceBus.maxConcurrentCalls must be a whole number of at least 1")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "autoCompleteMessages": "maybe" } } }""", "extensions.serviceBus.autoCompleteMessages must be true or false")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "maxMessageBatchSize": 10, "minMessageBatchSize": 11 } } }""", "minMessageBatchSize must be a whole number from 1 to 10")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "clientRetryOptions": { "mode": "linear" } } } }""", "clientRetryOptions.mode must be one of fixed, exponential")]
    [InlineData("""{ "version": "2.0", "extensions": { "serviceBus": { "clientRetryOptions": { "maxRetries": 101 } } } }""", "clientRetryOptions.maxRetries must be a whole number from 0 to 100")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "versionMatchStrategy": "Newest" } } }""", "extensions.durableTask.versionMatchStrategy must be one of none, strict, currentOrOlder")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "storeInputsInOrchestrationHistory": true } } }""", "storeInputsInOrchestrationHistory is honoured by the embedded host with the value false only")]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "tracing": { "version": "V1" } } } }""", "durableTask.tracing.version is honoured by the embedded host with the value V2 only")]
    [InlineData("""{ "version": "2.0", "version": "2.0" }""", "version is there more than once")]
    [InlineData("[]", "host.json must hold an object")]
    [InlineData("{", "host.json is not JSON")]
    public void Parse_ValueThatCannotBeHonoured_IsRefusedWithWhatCanBe(string text, string problem) => AssertRefused(text, problem);

    [Fact]
    public void Parse_SeveralMistakes_AreToldTogether()
    {
        var refused = Assert.Throws<StartupException>(() => HostSettings.Parse("""{ "version": "3", "a": 1, "extensions": { "http": { "b": 1 } } }"""));

        Assert.Equal(3, refused.Problems.Count);
    }

    [Fact]
    public void Parse_NamesInOtherCase_AreTheSameSettings() =>
        Assert.Equal("x", HostSettings.Parse("""{ "Version": "2.0", "Extensions": { "HTTP": { "RoutePrefix": "x" } } }""").Http.RoutePrefix);

    [Fact]
    public void Parse_FunctionTimeoutOfMinusOne_IsNoLimit() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, HostSettings.Parse("""{ "version": "2.0", "functionTimeout": "-1" }""").FunctionTimeout);

    private static void AssertRefused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<StartupException>(() => HostSettings.Parse(text)).Message, StringComparison.Ordinal);
}
