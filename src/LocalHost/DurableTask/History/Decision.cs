using System.Text.Json.Serialization;

namespace Atomic.LocalHost.DurableTask.History;

/// <summary>
/// What an orchestrator has called for. Its history keeps which call it was, to hold a replay to it; the payload is wanted only until
/// the call is carried out, and is kept with that.
/// </summary>
/// <param name="Id">The number of the call within its execution.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "d")]
[JsonDerivedType(typeof(CallActivity), "activity")]
[JsonDerivedType(typeof(StartChild), "child")]
[JsonDerivedType(typeof(StartTimer), "timer")]
[JsonDerivedType(typeof(SendEvent), "event")]
internal abstract record Decision(int Id)
{
    /// <summary>Whether a replay that comes to <paramref name="other"/> has come to the same call.</summary>
    public abstract bool IsSameCall(Decision other);
}

internal sealed record CallActivity(int Id, string Name) : Decision(Id)
{
    [JsonIgnore]
    public string? Input { get; init; }

    public override bool IsSameCall(Decision other) => other is CallActivity call && call.Id == Id && Names.AreSame(call.Name, Name);

    public override string ToString() => $"activity '{Name}'";
}

internal sealed record StartChild(int Id, string Name, string InstanceId) : Decision(Id)
{
    [JsonIgnore]
    public string? Input { get; init; }

    [JsonIgnore]
    public string? Version { get; init; }

    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public override bool IsSameCall(Decision other) => other is StartChild child && child.Id == Id && Names.AreSame(child.Name, Name);

    public override string ToString() => $"sub-orchestration '{Name}'";
}

internal sealed record StartTimer(int Id, DateTime Due) : Decision(Id)
{
    public override bool IsSameCall(Decision other) => other is StartTimer timer && timer.Id == Id;

    public override string ToString() => "a timer";
}

internal sealed record SendEvent(int Id, string InstanceId, string Name) : Decision(Id)
{
    [JsonIgnore]
    public string? Payload { get; init; }

    public override bool IsSameCall(Decision other) => other is SendEvent sent && sent.Id == Id && Names.AreSame(sent.Name, Name);

    public override string ToString() => $"event '{Name}' sent to another instance";
}

/// <summary>Names of functions and events are compared as Durable Task compares them.</summary>
internal static class Names
{
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public static bool AreSame(string left, string right) => Comparer.Equals(left, right);
}
