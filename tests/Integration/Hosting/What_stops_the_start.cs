using System.Net;
using System.Net.Sockets;
using Atomic.Testing.Hosting;
using Xunit;

namespace Atomic.Integration.Hosting;

/// <summary>Each is told in a sentence that names the thing, with exit code 1; nothing is stored, and nothing is left running.</summary>
public sealed class What_stops_the_start : IDisposable
{
    // Nothing listens there, and nothing gets as far as to ask.
    private const string NoStorage = "UseDevelopmentStorage=true";

    private readonly AppFolderCopy _app = new();

    [Theory]
    [InlineData("host.json", "\"prefetchCount\"", "\"prefetchCont\"", "host.json: extensions.serviceBus.prefetchCont is not honoured by the embedded host")]
    [InlineData("host.json", "\"maxConcurrentCalls\": 16", "\"maxConcurrentCalls\": 0", "host.json: extensions.serviceBus.maxConcurrentCalls must be a whole number of at least 1")]
    [InlineData("host.json", "%TaskHub%", "%Elsewhere%", "host.json: extensions.durableTask.hubName says %Elsewhere%, and local.settings.sample.json has no value Elsewhere.")]
    [InlineData("infra/service-bus.json", "\"name\": \"orders\"", "\"name\": \"others\"", "Function ProjectOrders is triggered by events/Subscriptions/orders, which is not in infra/service-bus.json.")]
    [InlineData("infra/service-bus.json", "context = 'ordering'", "context ~ 'ordering'", "service-bus.json")]
    [InlineData("local.settings.sample.json", "\"EventStore\": \"UseDevelopmentStorage=true\"", "\"EventStore\": \"AccountName=a\"", "The setting EventStore must be UseDevelopmentStorage=true")]
    [InlineData("local.settings.sample.json", "UseDevelopmentEmulator=true", "UseDevelopmentEmulator=false", "The setting ServiceBusConnection must say UseDevelopmentEmulator=true")]
    [InlineData("local.settings.sample.json", "\"ServiceBusConnection\"", "\"ServiceBusConection\"", "local.settings.sample.json has no value ServiceBusConnection.")]
    [InlineData("local.settings.sample.json", "\"TaskHub\": \"Atomic\"", "\"TaskHub\": \"Atomic\", \"Retention__histories\": \"7\"", "Retention__histories is '7', and must be a whole number of days from 14 to 365.")]
    [InlineData("local.settings.sample.json", "\"TaskHub\": \"Atomic\"", "\"TaskHub\": \"Atomic\", \"Authorization__mode\": \"Entra\"", "The setting Authorization__mode is not honoured by the embedded host")]
    [InlineData("local.settings.sample.json", "\"TaskHub\": \"Atomic\"", "\"TaskHub\": \"Atomic\", \"OTEL_EXPORTER_OTLP_ENDPOINT\": \"collector\"", "OTEL_EXPORTER_OTLP_ENDPOINT is 'collector', and must be the address of a collector, as in http://127.0.0.1:4317.")]
    [InlineData("local.settings.sample.json", "\"TaskHub\": \"Atomic\"", "\"TaskHub\": \"Atomic\", \"OTEL_EXPORTER_OTLP_ENDPOINT\": \"http://127.0.0.1:4318\", \"OTEL_EXPORTER_OTLP_PROTOCOL\": \"http/json\"", "OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json', and must be grpc or http/protobuf.")]
    public async Task A_setting_that_cannot_be_honoured(string file, string part, string other, string sentence)
    {
        _app.With(file, part, other);

        await AssertStoppedAsync(sentence, "--storage", NoStorage);
    }

    [Fact]
    public async Task A_port_that_is_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (exitCode, output) = await HostProcess.RunToEndAsync(["--root", _app.Path, "--data", _app.Data, "--port", $"{port}", "--storage", NoStorage]);

        Assert.Equal(1, exitCode);
        Assert.EndsWith($"Port {port} is in use: stop what listens there, or name another with --port.", output.TrimEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_app.Data));
    }

    [Fact]
    public async Task Node_that_is_missing()
    {
        await using var host = new HostProcess(_app.Data, storage: null) { SearchPath = _app.Path };

        var failure = await Record.ExceptionAsync(host.StartAsync);

        // Somebody else's Azurite that listens on this machine needs no Node of ours.
        if (failure is null) Assert.Contains("Azurite, which was running already", host.Output, StringComparison.Ordinal);
        else Assert.Contains("exit code 1", failure.Message, StringComparison.Ordinal);
        if (failure is not null) Assert.Contains("'node' is not on the PATH", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Fact]
    public async Task Storage_that_does_not_answer() =>
        await AssertStoppedAsync(
            "Table Storage does not answer", "--storage",
            $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:{HostProcess.FreePort()}/a;");

    [Fact]
    public async Task Storage_that_is_no_connection_string() => await AssertStoppedAsync("--storage is no connection string", "--storage", "nonsense");

    [Fact]
    public async Task A_data_folder_that_cannot_be_made()
    {
        File.WriteAllText(_app.Data, "a file");

        await AssertStoppedAsync($"The data folder {_app.Data} cannot be made", "--storage", NoStorage);
    }

    [Theory]
    [InlineData("--colour")]
    [InlineData("--port", "many")]
    [InlineData("--port", "0")]
    [InlineData("--data")]
    [InlineData("serve")]
    public async Task An_argument_that_is_wrong(params string[] arguments)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(arguments[0], output, StringComparison.Ordinal);
        Assert.Contains("--help lists what there is.", output, StringComparison.Ordinal);
        AssertNoStackTrace(output);
    }

    [Fact]
    public async Task A_root_without_settings() => Assert.Equal(
        (1, $"{Path.GetTempPath()} does not hold host.json and infra/service-bus.json."),
        await LastLineOfAsync("--root", Path.GetTempPath()));

    public void Dispose() => _app.Dispose();

    private async Task AssertStoppedAsync(string sentence, params string[] more)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync([.. Arguments(), .. more]);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ready: ", output, StringComparison.Ordinal);
        AssertNoStackTrace(output);
    }

    private static async Task<(int, string)> LastLineOfAsync(params string[] arguments)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(arguments);
        return (exitCode, output.TrimEnd().Split('\n')[^1]);
    }

    private string[] Arguments() => ["--root", _app.Path, "--data", _app.Data, "--port", $"{HostProcess.FreePort()}"];

    private static void AssertNoStackTrace(string output) => Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
}
