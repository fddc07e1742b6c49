using System.Globalization;
using System.Text.RegularExpressions;
using Atomic.Testing;

namespace Atomic.Unit.Watch;

/// <summary>How often the alert on stuck transactions has to hear of one that nobody could look at.</summary>
internal static partial class UnwatchedAlert
{
    private static readonly Match Asked = Query().Match(Repository.Read("infra/modules/alert-queries.bicep"));

    /// <summary>How far back it looks.</summary>
    public static TimeSpan LooksBack => TimeSpan.FromMinutes(Number("minutes"));

    /// <summary>How often it has to be said in that time.</summary>
    public static int Needs => Number("times") + 1;

    private static int Number(string name) => int.Parse(Asked.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"'TransactionNotWatched' and TimeGenerated > ago\((?<minutes>\d+)m\)[^']*Times > (?<times>\d+)")]
    private static partial Regex Query();
}
