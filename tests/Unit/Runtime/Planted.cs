using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.Unit.Runtime;

/// <summary>Function classes with one thing wrong each, and one with all that is right.</summary>
public static class Planted
{
    [AttributeUsage(AttributeTargets.All)]
    public sealed class UnheardAttribute : BindingAttribute;

    public sealed class UnheardTriggerAttribute : TriggerBindingAttribute;

    public sealed class Without_a_trigger
    {
        [Function("Go")]
        public static void Go(HttpRequest request) => _ = request;
    }

    public sealed class With_two_triggers
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [TimerTrigger("0 * * * * *")] TimerInfo timer) => Results.Ok(timer);
    }

    public sealed class With_a_name_that_is_none
    {
        [Function("1st")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class Twice_one_name
    {
        [Function("Go")]
        public static IResult One([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a")] HttpRequest request) => Results.Ok(request.Path);

        [Function("go")]
        public static IResult Two([HttpTrigger(AuthorizationLevel.Anonymous, Route = "b")] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class With_an_unknown_attribute
    {
        [Function("Go")]
        [Unheard]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class With_an_unknown_binding
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [Unheard] string other) => Results.Ok(other);
    }

    public sealed class With_an_unknown_output
    {
        [Function("Go")]
        [return: Unheard]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class With_an_unknown_trigger
    {
        [Function("Go")]
        public static void Go([UnheardTrigger] string trigger) => _ = trigger;
    }

    public sealed class With_a_parameter_of_nobody
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, Version other) => Results.Ok(other);
    }

    public sealed class With_a_parameter_that_is_not_in_the_route
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{some}")] HttpRequest request, string other) => Results.Ok(other);
    }

    public sealed class With_another_kind_of_request
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] string body) => Results.Ok(body);
    }

    public sealed class With_another_kind_of_answer
    {
        [Function("Go")]
        public static Task<string> Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(request.Path.ToString());
    }

    public sealed class With_a_malformed_route
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class With_a_reserved_route
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/x")] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class Twice_one_route
    {
        [Function("One")]
        public static IResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "a/{x}")] HttpRequest request) => Results.Ok(request.Path);

        [Function("Two")]
        public static IResult Two([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "A/{y}")] HttpRequest request) => Results.Ok(request.Path);
    }

    public sealed class With_a_malformed_schedule
    {
        [Function("Go")]
        public static void Go([TimerTrigger("hourly")] TimerInfo timer) => _ = timer;
    }

    public sealed class With_a_schedule_of_a_missing_setting
    {
        [Function("Go")]
        public static void Go([TimerTrigger("%Nowhere%")] TimerInfo timer) => _ = timer;
    }

    public sealed class With_an_unknown_queue
    {
        [Function("Go")]
        public static void Go([ServiceBusTrigger("nowhere", Connection = "Bus")] string message) => _ = message;
    }

    public sealed class With_a_queue_without_sessions
    {
        [Function("Go")]
        public static void Go([ServiceBusTrigger("queue", Connection = "Bus", IsSessionsEnabled = true)] string message) => _ = message;
    }

    public sealed class With_session_actions_and_no_sessions
    {
        [Function("Go")]
        public static void Go([ServiceBusTrigger("queue", Connection = "Bus")] string message, ServiceBusSessionMessageActions session) => _ = (message, session);
    }

    public sealed class With_a_batch_of_one
    {
        [Function("Go")]
        public static void Go([ServiceBusTrigger("queue", Connection = "Bus", IsBatched = true)] ServiceBusReceivedMessage message) => _ = message;
    }

    public sealed class With_an_unknown_connection
    {
        [Function("Go")]
        public static void Go([ServiceBusTrigger("queue", Connection = "Nowhere")] string message) => _ = message;
    }

    public sealed class With_a_client_in_an_orchestrator
    {
        [Function("Go")]
        public static void Go([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) => _ = (context, client);
    }

    public sealed class With_another_task_hub
    {
        [Function("Go")]
        public static IResult Go([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [DurableClient(TaskHub = "Other")] DurableTaskClient client) =>
            Results.Ok(client.Name);
    }

    public sealed class Twice_one_activity
    {
        [Function("One")]
        public static void One([ActivityTrigger(Activity = "Same")] string input) => _ = input;

        [Function("Two")]
        public static void Two([ActivityTrigger(Activity = "same")] string input) => _ = input;
    }

    public sealed class With_and_without_auto_completion
    {
        [Function("Sets_true")]
        public static void True([ServiceBusTrigger("queue", Connection = "Bus", AutoCompleteMessages = true)] string message) => _ = message;

        [Function("Sets_false")]
        public static void False([ServiceBusTrigger("queue", Connection = "Bus", AutoCompleteMessages = false)] string message) => _ = message;

        [Function("Says_nothing")]
        public static void Nothing([ServiceBusTrigger("queue", Connection = "Bus")] string message) => _ = message;
    }

    public sealed class With_all_that_is_honoured
    {
        [Function("Get")]
        public async ValueTask<IResult> Get(
            [HttpTrigger(AuthorizationLevel.Function, Route = "a/{id:guid}/{n?}")] HttpRequest request, Guid id, int? n, FunctionContext context,
            [DurableClient] DurableTaskClient client, CancellationToken cancellation)
        {
            await Task.Yield();
            return Results.Ok(new { request.Path, id, n, context.InvocationId, client.Name, cancellation.CanBeCanceled });
        }

        [Function("Tick")]
        public void Tick([TimerTrigger("%Every%")] TimerInfo timer, FunctionContext context) => _ = (timer, context);

        [Function("Message")]
        public Task Message(
            [ServiceBusTrigger("topic", "plain", Connection = "Bus")] BinaryData message, ServiceBusMessageActions actions, CancellationToken cancellation) =>
            Task.FromResult((message, actions, cancellation));

        [Function("Batch")]
        public void Batch([ServiceBusTrigger("queue", Connection = "Bus", IsBatched = true)] ServiceBusReceivedMessage[] messages) => _ = messages;

        [Function("Session")]
        public void Session(
            [ServiceBusTrigger("sessions", Connection = "Bus", IsSessionsEnabled = true)] byte[] message, ServiceBusSessionMessageActions session) =>
            _ = (message, session);

        [Function("Conduct")]
        public Task<int> Conduct([OrchestrationTrigger] TaskOrchestrationContext context, int input) => context.CallActivityAsync<int>("Act", input);

        [Function("Act")]
        public int Act([ActivityTrigger] int input, FunctionContext context) => input + context.InvocationId.Length;
    }
}
