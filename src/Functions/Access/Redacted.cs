using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Access;

/// <summary>Stands where data would be, for whoever may see that something happened, and not what.</summary>
/// <param name="Takes">The app role that it takes to see it.</param>
public sealed record Redacted(string Takes)
{
    private static readonly Redacted Payload = new(Caller.PayloadRole);

    /// <summary>The data, or in its place what it takes to see them.</summary>
    public static object Unless(HttpRequest request, object payload) => Caller.Of(request).ReadsPayloads ? payload : Payload;
}
