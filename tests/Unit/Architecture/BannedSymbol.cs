using Atomic.Testing;

namespace Atomic.Unit.Architecture;

/// <summary>An entry of a list of banned symbols: a documentation id, and what to do instead.</summary>
internal sealed record BannedSymbol(string Id, string Instead)
{
    /// <summary>How code names it, as far as text can tell: `Random`, `Guid.NewGuid`.</summary>
    public string InCode
    {
        get
        {
            var path = Id[2..].Split('(')[0].Split('.');
            return Id[0] == 'T' ? path[^1] : $"{path[^2]}.{path[^1]}";
        }
    }

    public static IReadOnlyList<BannedSymbol> In(string file) =>
        [.. Repository.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';', 2)).Select(parts => new BannedSymbol(parts[0], parts[1]))];
}
