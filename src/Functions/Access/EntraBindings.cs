using System.Text.Json.Nodes;
using Atomic.Functions.Settings;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Atomic.Functions.Access;

/// <summary>
/// Tells the Functions host not to ask for keys where Entra ID is asked: the triggers say <c>Function</c>, so that an app that nobody
/// configured is closed, and whoever has signed in has no key.
/// </summary>
public sealed class EntraBindings(AppConfiguration settings) : IFunctionMetadataTransformer
{
    public string Name => nameof(EntraBindings);

    public void Transform(IList<IFunctionMetadata> original)
    {
        if (settings.Access != AccessMode.Entra) return;
        foreach (var bindings in original.Select(function => function.RawBindings).OfType<IList<string>>())
        {
            for (var i = 0; i < bindings.Count; i++) bindings[i] = WithoutKey(bindings[i]);
        }
    }

    private static string WithoutKey(string binding)
    {
        var json = JsonNode.Parse(binding)!.AsObject();
        if (!string.Equals((string?)json["type"], "httpTrigger", StringComparison.OrdinalIgnoreCase)) return binding;
        json["authLevel"] = "Anonymous";
        return json.ToJsonString();
    }
}
