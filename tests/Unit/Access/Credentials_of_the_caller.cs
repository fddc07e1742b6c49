using Atomic.Functions.Access;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Atomic.Unit.Access;

/// <summary>What the app sends when it asks a service on behalf of whoever asked it.</summary>
public sealed class Credentials_of_the_caller
{
    private const string Own = "func.example.org";

    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["WEBSITE_HOSTNAME"] = Own }).Build();

    [Theory]
    [InlineData(AccessMode.Entra, "Authorization", "Bearer a.b.c")]
    [InlineData(AccessMode.Keys, "x-functions-key", "k3y")]
    public async Task Go_to_this_very_app(AccessMode mode, string header, string value) => Assert.Equal(value, (await SentAsync(mode, $"https://{Own}/api/x"))[header]);

    [Theory]
    [InlineData("https://orders.example.org/api/x")]
    [InlineData("https://func.example.org.evil.example/api/x")]
    [InlineData("https://func.example.org:8443/api/x")]
    public async Task Go_to_nobody_else(string address)
    {
        foreach (var mode in new[] { AccessMode.Entra, AccessMode.Keys }) Assert.Empty(await SentAsync(mode, address));
    }

    [Fact]
    public async Task Are_not_of_the_other_mode() => Assert.DoesNotContain("x-functions-key", (await SentAsync(AccessMode.Entra, $"https://{Own}/api/x")).Keys);

    [Fact]
    public async Task Are_given_back_when_the_call_has_ended()
    {
        await SentAsync(AccessMode.Keys, $"https://{Own}/api/x");

        Assert.Empty(await AskAsync($"https://{Own}/api/x"));
    }

    private static async Task<IReadOnlyDictionary<string, string>> SentAsync(AccessMode mode, string address)
    {
        var call = new Call().SignedInAs(Call.Principal("ada", "reader"));
        call.Http.Request.Headers.Authorization = "Bearer a.b.c";
        call.Http.Request.QueryString = new("?code=k3y");
        IReadOnlyDictionary<string, string> sent = new Dictionary<string, string>();
        await call.OfAsync("GetOrderOverview", mode, reached: async () => sent = await AskAsync(address));
        return sent;
    }

    private static async Task<IReadOnlyDictionary<string, string>> AskAsync(string address)
    {
        using var service = new Service();
        using var client = new HttpClient(new AsTheCaller(Settings) { InnerHandler = service });
        using var response = await client.GetAsync(new Uri(address));
        return service.Headers;
    }

    private sealed class Service : HttpMessageHandler
    {
        public Dictionary<string, string> Headers { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            foreach (var (name, values) in request.Headers) Headers[name] = string.Join(' ', values);
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
