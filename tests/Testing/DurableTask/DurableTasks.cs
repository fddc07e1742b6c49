using System.Text.Json;
using Microsoft.DurableTask;

namespace Atomic.Testing.DurableTask;

/// <summary>The orchestrators and activities of a test, as delegates that any backend can run.</summary>
public sealed class DurableTasks
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = [];
    private readonly Dictionary<string, Func<JsonElement, Task<object?>>> _activities = [];

    public IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators => _orchestrators;

    /// <summary>By name; the input is an undefined element when there is none.</summary>
    public IReadOnlyDictionary<string, Func<JsonElement, Task<object?>>> Activities => _activities;

    public DurableTasks Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        _orchestrators[name] = code;
        return this;
    }

    public DurableTasks Activity(string name, Func<JsonElement, object?> code) => Activity(name, input => Task.FromResult(code(input)));

    public DurableTasks Activity(string name, Func<JsonElement, Task<object?>> code)
    {
        _activities[name] = code;
        return this;
    }
}
