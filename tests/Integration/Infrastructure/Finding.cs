using System.Text;
using System.Text.Json;

namespace Atomic.Integration.Infrastructure;

/// <summary>A result of the linter, or its statement that it has read a file (without a rule).</summary>
internal sealed record Finding(string File, string? Rule, string Message)
{
    /// <summary>Reads SARIF documents that follow each other, one a file.</summary>
    public static IReadOnlyList<Finding> Read(string output)
    {
        var findings = new List<Finding>();
        var bytes = Encoding.UTF8.GetBytes(output);
        var position = 0;
        while (output.Length > 0 && bytes.AsSpan(position).ContainsAnyExcept(" \r\n\t"u8))
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(position), new JsonReaderOptions { AllowMultipleValues = true });
            using var document = JsonDocument.ParseValue(ref reader);
            position += (int)reader.BytesConsumed;
            findings.AddRange(document.RootElement.GetProperty("runs").EnumerateArray().SelectMany(OfRun));
        }

        return findings;
    }

    public override string ToString() => $"{File}: {Rule}: {Message}";

    private static IEnumerable<Finding> OfRun(JsonElement run) =>
        run.GetProperty("results").EnumerateArray().Select(OfResult).Prepend(new Finding("", null, "read"));

    private static Finding OfResult(JsonElement result)
    {
        var location = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        return new Finding(
            location.GetProperty("artifactLocation").GetProperty("uri").GetString()!.Split('/')[^1],
            result.GetProperty("ruleId").GetString(),
            result.GetProperty("message").GetProperty("text").GetString()!);
    }
}
