using System.Text.RegularExpressions;

namespace Atomic.Functions.Settings;

/// <summary>What the value of a setting may look like.</summary>
internal static partial class SettingForms
{
    public static bool IsConnectionString(string text) =>
        text == "UseDevelopmentStorage=true" || text.Contains("AccountName=", StringComparison.Ordinal) || text.Contains("SharedAccessSignature=", StringComparison.Ordinal);

    /// <summary>Without encryption only where nothing leaves the machine.</summary>
    public static bool IsServiceAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    public static bool IsTaskHub(string text) => TaskHub().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{2,44}\z")]
    private static partial Regex TaskHub();
}
