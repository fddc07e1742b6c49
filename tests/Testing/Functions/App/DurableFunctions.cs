using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Testing.Functions.App;

/// <summary>Orchestrators and activities, and functions that start them.</summary>
public sealed class DurableFunctions(Journal journal, Scope scope)
{
    [Function(nameof(StartOrchestration))]
    public async Task<IResult> StartOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orchestrations/{name}/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        string id,
        CancellationToken cancellation)
    {
        var input = await request.ReadFromJsonAsync<Greeting>(cancellation);
        await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id), cancellation);
        return Results.Accepted();
    }

    [Function(nameof(EndOfOrchestration))]
    public async Task<IResult> EndOfOrchestration(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orchestrations/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellation)
    {
        var instance = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellation);
        return Results.Json(new
        {
            status = instance.RuntimeStatus.ToString(),
            output = instance.SerializedOutput,
            failure = instance.FailureDetails?.ErrorMessage,
        });
    }

    [Function(nameof(Greet))]
    public static async Task<IReadOnlyList<string>> Greet([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var greeting = context.GetInput<Greeting>()!;
        var said = new List<string>();
        foreach (var name in greeting.Names) said.Add(await context.CallActivityAsync<string>(nameof(Say), new Salute(greeting.Word, name)));
        return said;
    }

    [Function(nameof(GreetByInput))]
    public Task<string> GreetByInput([OrchestrationTrigger] TaskOrchestrationContext context, Greeting greeting) =>
        context.CallActivityAsync<string>(nameof(Say), new Salute(greeting.Word, greeting.Names[0]));

    [Function(nameof(GreetInVain))]
    public async Task<string> GreetInVain([OrchestrationTrigger] TaskOrchestrationContext context, Greeting greeting)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Refuse), greeting.Word);
        }
        catch (TaskFailedException e)
        {
            return $"{e.TaskName}: {e.FailureDetails.ErrorMessage}";
        }
    }

    [Function(nameof(Say))]
    public async Task<string> Say([ActivityTrigger] Salute salute, FunctionContext context, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        journal.Add(salute.Name, $"{context.FunctionDefinition.Name} {scope.Id}");
        return $"{salute.Word}, {salute.Name}!";
    }

    [Function(nameof(Refuse))]
    public void Refuse([ActivityTrigger] string word) => throw new InvalidOperationException($"Nobody says {word}.");

    public sealed record Greeting(string Word, IReadOnlyList<string> Names);

    public sealed record Salute(string Word, string Name);
}
