using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atomic.LocalHost.DurableTask.History;

/// <summary>One step of an orchestrator: what had reached it, and what it called for. A step is committed whole.</summary>
/// <param name="At">The time that the orchestrator was told, UTC.</param>
internal sealed record Step(DateTime At, IReadOnlyList<InstanceEvent> Events, IReadOnlyList<Decision> Decisions)
{
    public static Step Read(string json) =>
        JsonSerializer.Deserialize(json, HistoryJson.Default.Step) ?? throw new InvalidDataException("A step of a history is empty.");

    public string Write() => JsonSerializer.Serialize(this, HistoryJson.Default.Step);
}

/// <summary>How histories and messages are written to the file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(InstanceEvent))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class HistoryJson : JsonSerializerContext;
