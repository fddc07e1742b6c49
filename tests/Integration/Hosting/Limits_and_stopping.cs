using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Testing;
using Atomic.Testing.Hosting;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.Hosting;

public sealed class Limits_and_stopping
{
    private static readonly Uri Gated = new("gated", UriKind.Relative);

    private readonly Gate _gate = new();

    [Fact]
    public async Task What_runs_when_the_host_stops_is_waited_for()
    {
        var host = await StartAsync();
        var request = host.Client.GetStringAsync(Gated);
        await _gate.BegunAsync();

        var stopping = host.StopAsync();
        await Eventually.HoldsAsync(() => Refuses(host.Client.BaseAddress!), "No more connections are taken");
        Assert.False(stopping.IsCompleted);
        _gate.Open();

        Assert.Equal("passed /gated", await request);
        await stopping;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_is_being_handled_when_the_host_stops_is_settled()
    {
        var host = await StartAsync();
        await SendAsync(host);
        await _gate.BegunAsync();

        var stopping = host.StopAsync();
        _gate.Open();
        await stopping;

        await using var receiver = host.Bus.CreateReceiver("automatic");
        Assert.Null(await receiver.PeekMessageAsync());
        await host.DisposeAsync();
    }

    [Fact]
    public async Task What_runs_on_and_on_is_told_to_stop_and_its_message_is_not_lost()
    {
        var host = await StartAsync(drainLimit: TimeSpan.FromMilliseconds(200));
        await SendAsync(host);
        await _gate.BegunAsync();
        var request = host.Client.GetAsync(Gated);
        await _gate.BegunAsync();

        await host.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).StatusCode);
        await using var receiver = host.Bus.CreateReceiver("automatic");
        Assert.Equal(1, (await receiver.PeekMessageAsync())?.DeliveryCount);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_request_beyond_those_that_may_run_waits_and_one_beyond_those_that_may_wait_is_turned_away()
    {
        await using var host = await StartAsync("""{ "http": { "routePrefix": "", "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 } }""");
        // Which of the three is the one too many is chance.
        var requests = Enumerable.Range(0, 3).Select(_ => host.Client.GetAsync(Gated)).ToList();
        await _gate.BegunAsync();

        var first = await Task.WhenAny(requests).WaitAsync(TimeSpan.FromSeconds(120));
        using var turnedAway = await first;

        Assert.Equal(HttpStatusCode.TooManyRequests, turnedAway.StatusCode);
        Assert.Equal("1", turnedAway.Headers.RetryAfter?.ToString());
        Assert.Contains("maxOutstandingRequests", (await turnedAway.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, requests.Count(request => !request.IsCompleted));
        _gate.Open();
        Assert.All(await Task.WhenAll(requests.Where(request => request != first)), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task A_function_that_passes_its_time_is_stopped_and_named()
    {
        await using var host = await StartAsync("""{ "http": { "routePrefix": "" } }""", timeout: "00:00:01");

        using var answer = await host.Client.GetAsync(Gated);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var detail = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
        Assert.Equal("The function GetGated did not end within its functionTimeout of 00:00:01.", detail);
    }

    private Task<InProcessHost> StartAsync(string extensions = """{ "http": { "routePrefix": "" } }""", string timeout = "00:05:00", TimeSpan? drainLimit = null) =>
        InProcessHost.StartAsync(
            [typeof(GatedFunctions)],
            HostSettings.Parse($$"""{ "version": "2.0", "functionTimeout": "{{timeout}}", "extensions": {{extensions}} }"""),
            AppSettings.Parse(AppSettings.File, """{ "Values": { "Bus": "UseDevelopmentEmulator=true" } }"""),
            Repository.PathOf("tests/Testing/Functions/App/service-bus.json"),
            services => services.AddSingleton(_gate),
            drainLimit);

    private static async Task SendAsync(InProcessHost host)
    {
        await using var sender = host.Bus.CreateSender("automatic");
        await sender.SendMessageAsync(new ServiceBusMessage("body"));
    }

    private static bool Refuses(Uri address)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient(address.Host, address.Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}
