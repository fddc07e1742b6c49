using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Atomic.Testing.Functions;

/// <summary>What holds for HTTP triggers on every Functions host.</summary>
public abstract class HttpTriggerConformance(IFunctionsUnderTest functions)
{
    [Theory]
    [InlineData("echo/hello?q=7", "hello", "7")]
    [InlineData("ECHO/Hello", "Hello", "")]
    [InlineData("echo/a%20b%23c%3Fd", "a b#c?d", "")]
    [InlineData("echo/%C3%BC", "ü", "")]
    public async Task A_function_gets_its_route_values_decoded_and_the_query(string path, string text, string query)
    {
        var echo = await functions.Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

        Assert.Equal((text, query, "GET"), (echo.GetProperty("text").GetString(), echo.GetProperty("query").GetString(), echo.GetProperty("method").GetString()));
    }

    [Fact]
    public async Task A_function_gets_the_body()
    {
        using var answer = await functions.Http.PostAsync(new Uri("echo/x", UriKind.Relative), new StringContent("the body"));

        var echo = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("POST", "the body"), (echo.GetProperty("method").GetString(), echo.GetProperty("body").GetString()));
    }

    [Theory]
    [InlineData("numbers/12", HttpStatusCode.OK, "12")]
    [InlineData("optional", HttpStatusCode.OK, "\"nothing\"")]
    [InlineData("optional/something", HttpStatusCode.OK, "\"something\"")]
    public async Task A_route_value_is_of_its_parameters_type_and_may_be_left_out(string path, HttpStatusCode status, string body)
    {
        using var answer = await functions.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((status, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("numbers/nine")]
    [InlineData("numbers/9")]
    [InlineData("nowhere")]
    [InlineData("/outside/of/the/prefix")]
    public async Task What_no_route_matches_is_not_found(string path)
    {
        using var answer = await functions.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_trigger_without_methods_takes_all_at_the_functions_own_name(string method)
    {
        using var answer = await functions.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri("AnyMethod", UriKind.Relative)));

        Assert.Equal(method, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_function_may_write_its_answer_itself()
    {
        using var answer = await functions.Http.GetAsync(new Uri("writes-itself", UriKind.Relative));

        Assert.Equal((418, "short and stout"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Every_answer_has_the_custom_headers()
    {
        using var answer = await functions.Http.GetAsync(new Uri("echo/x", UriKind.Relative));

        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("X-Conformance")));
    }

    [Fact]
    public async Task What_a_function_throws_is_a_500_that_keeps_it_to_itself()
    {
        using var answer = await functions.Http.GetAsync(new Uri("throws", UriKind.Relative));

        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_sees_its_context_and_has_a_scope_of_its_own()
    {
        var one = await functions.Http.GetFromJsonAsync<JsonElement>(new Uri("context", UriKind.Relative));
        var other = await functions.Http.GetFromJsonAsync<JsonElement>(new Uri("context", UriKind.Relative));

        Assert.Equal(("ShowContext", "Atomic.Testing.Functions.App.HttpFunctions.ShowContext"), (one.GetProperty("name").GetString(), one.GetProperty("entryPoint").GetString()));
        Assert.True(one.GetProperty("isTheRequests").GetBoolean() && one.GetProperty("isTheScopes").GetBoolean());
        Assert.NotEqual(one.GetProperty("scope").GetString(), other.GetProperty("scope").GetString());
        Assert.NotEqual(one.GetProperty("invocation").GetString(), other.GetProperty("invocation").GetString());
    }

    [Fact]
    public async Task A_function_is_cancelled_when_its_client_goes_away()
    {
        var subject = FunctionsUnderTest.NewSubject();
        using var client = new CancellationTokenSource();
        var request = functions.Http.GetAsync(new Uri($"waits/{subject}", UriKind.Relative), client.Token);
        await functions.JournalUntilAsync(subject, entries: 1);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(["waits", "cancelled"], await functions.JournalUntilAsync(subject, entries: 2));
    }
}
