using System.Text.Json.Serialization;

namespace Atomic.LocalHost.DurableTask.History;

/// <summary>What reaches an instance. The last three are orders to the engine, which an orchestrator never sees.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "e")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(TaskSucceeded), "succeeded")]
[JsonDerivedType(typeof(TaskFailed), "failed")]
[JsonDerivedType(typeof(TimerFired), "fired")]
[JsonDerivedType(typeof(EventRaised), "raised")]
[JsonDerivedType(typeof(Suspend), "suspend")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Terminate), "terminate")]
internal abstract record InstanceEvent
{
    [JsonIgnore]
    public bool IsOrder => this is Suspend or Resume or Terminate;
}

internal sealed record Started : InstanceEvent;

/// <summary>An activity or a sub-orchestration has returned.</summary>
internal sealed record TaskSucceeded(int Task, string? Result) : InstanceEvent;

internal sealed record TaskFailed(int Task, Failure Failure) : InstanceEvent;

internal sealed record TimerFired(int Task) : InstanceEvent;

internal sealed record EventRaised(string Name, string? Payload) : InstanceEvent;

internal sealed record Suspend(string? Reason) : InstanceEvent;

internal sealed record Resume(string? Reason) : InstanceEvent;

internal sealed record Terminate(string? Output, bool Recursive) : InstanceEvent;
