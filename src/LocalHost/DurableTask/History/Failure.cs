using System.Text.Json;
using Microsoft.DurableTask;

namespace Atomic.LocalHost.DurableTask.History;

/// <summary>An exception as it crosses from one function to another: data, and nothing that needs its type to be loaded.</summary>
internal sealed record Failure(string Type, string Message, string? Stack = null, Failure? Inner = null)
{
    private const string NoActivity = "ActivityTaskNotFound";
    private const string NoOrchestrator = "OrchestratorTaskNotFound";

    /// <summary>Trying again cannot help: there is no such function.</summary>
    public static bool IsFinal(TaskFailureDetails details) => details.ErrorType is NoActivity or NoOrchestrator;

    public static Failure MissingActivity(string name) => new(NoActivity, $"No activity task named '{name}' was found.");

    public static Failure MissingOrchestrator(string name) => new(NoOrchestrator, $"No orchestrator task named '{name}' was found.");

    public static Failure Terminated(string instanceId) => new("OrchestrationTerminated", $"Sub-orchestration '{instanceId}' was terminated.");

    public static Failure Of(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        exception.StackTrace,
        exception switch
        {
            TaskFailedException failed => Of(failed.FailureDetails),
            { InnerException: { } inner } => Of(inner),
            _ => null,
        });

    public static Failure Of(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? Of(inner) : null);

    public static Failure? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, HistoryJson.Default.Failure);

    public string Write() => JsonSerializer.Serialize(this, HistoryJson.Default.Failure);

    public TaskFailureDetails ToDetails() => new(Type, Message, Stack, Inner?.ToDetails(), null);
}
