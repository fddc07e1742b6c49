using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Atomic.Testing.Functions;

/// <summary>What holds for orchestration and activity triggers on every Functions host.</summary>
public abstract class DurableTriggerConformance(IFunctionsUnderTest functions)
{
    private readonly string _id = FunctionsUnderTest.NewSubject();

    [Fact]
    public async Task An_orchestrator_calls_activities_and_its_result_is_its_output()
    {
        var (one, other) = (FunctionsUnderTest.NewSubject(), FunctionsUnderTest.NewSubject());

        var end = await RunAsync("Greet", new { Word = "Hello", Names = new[] { one, other } });

        Assert.Equal("Completed", end.GetProperty("status").GetString());
        Assert.Equal([$"Hello, {one}!", $"Hello, {other}!"], JsonSerializer.Deserialize<string[]>(end.GetProperty("output").GetString()!)!);
        var scopes = new[] { await functions.JournalUntilAsync(one, entries: 1), await functions.JournalUntilAsync(other, entries: 1) };
        Assert.All(scopes, entries => Assert.StartsWith("Say ", entries[0], StringComparison.Ordinal));
        Assert.NotEqual(scopes[0][0], scopes[1][0]);
    }

    [Fact]
    public async Task An_orchestrator_may_take_its_input_as_a_parameter()
    {
        var name = FunctionsUnderTest.NewSubject();

        var end = await RunAsync("GreetByInput", new { Word = "Hi", Names = new[] { name } });

        Assert.Equal($"\"Hi, {name}!\"", end.GetProperty("output").GetString());
    }

    [Fact]
    public async Task An_activity_that_throws_fails_as_data()
    {
        var end = await RunAsync("GreetInVain", new { Word = "Ahoy", Names = Array.Empty<string>() });

        Assert.Equal("\"Refuse: Nobody says Ahoy.\"", end.GetProperty("output").GetString());
    }

    private async Task<JsonElement> RunAsync(string orchestrator, object input)
    {
        using var started = await functions.Http.PostAsJsonAsync(new Uri($"orchestrations/{orchestrator}/{_id}", UriKind.Relative), input);
        started.EnsureSuccessStatusCode();
        return await functions.Http.GetFromJsonAsync<JsonElement>(new Uri($"orchestrations/{_id}", UriKind.Relative));
    }
}
