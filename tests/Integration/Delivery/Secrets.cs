using System.Text.RegularExpressions;

namespace Atomic.Integration.Delivery;

/// <summary>Tells secrets from other text by their shape.</summary>
internal static partial class Secrets
{
    /// <summary>What anybody may know: the key of every Azurite, and what the Service Bus emulator takes for one.</summary>
    private static readonly string[] Known =
    [
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "SAS_KEY_VALUE",
    ];

    public static IEnumerable<string> In(string line)
    {
        // A lock file's hashes have the shape of keys.
        if (line.Contains("\"contentHash\": \"", StringComparison.Ordinal) || line.Contains("\"integrity\": \"sha", StringComparison.Ordinal)) yield break;
        foreach (Match found in Shape().Matches(line))
        {
            if (!Known.Any(known => found.Value.Contains(known, StringComparison.Ordinal))) yield return found.Value;
        }
    }

    [GeneratedRegex("""
        (?:Account|SharedAccess|Primary|Secondary)Key["'\s]*[=:]["'\s]*[A-Za-z0-9+/_-]{12,}={0,2}
        | SharedAccessSignature\s*=\s*\S{20,}
        | [?&;]sig=[A-Za-z0-9%+/]{20,}
        | (?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==
        | (?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])
        | -----BEGIN\ (?:[A-Z]+\ )*PRIVATE\ KEY-----
        | (?i:password|pwd|client_?secret)["']?\s*[=:]\s*["'][^"'\s{}$<>%]{8,}["']
        | [A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}
        | gh[pousr]_[A-Za-z0-9]{36}
        | eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Shape();
}
