using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>An alert on logs is only as good as the words it looks for: the app has to say them.</summary>
public sealed partial class Alert_queries
{
    private static readonly string Queries = Repository.Read("infra/modules/alert-queries.bicep");
    private static readonly string Logs = Repository.Read("src/Functions/Logs.cs");
    private static readonly string Measures = Repository.Read("src/Functions/Operations/Measures.cs") + Repository.Read("src/Functions/Projections/ProjectionMetrics.cs");

    public static TheoryData<string> Events => new(EventNames().Matches(Queries).Select(match => match.Groups[1].Value).Distinct());

    public static TheoryData<string> Properties => new(PropertyNames().Matches(Queries).Select(match => match.Groups[1].Value).Where(name => name != "EventName").Distinct());

    public static TheoryData<string> Metrics => new(MetricNames().Matches(Queries).Select(match => match.Groups[1].Value).Distinct());

    [Theory]
    [MemberData(nameof(Events))]
    public void Look_for_events_that_are_logged(string name) => Assert.Contains($"public static partial void {name}(", Logs, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Properties))]
    public void Look_for_properties_that_are_there(string name) =>
        Assert.True(Logs.Contains($"{{{name}}}", StringComparison.Ordinal) || Measures.Contains($"\"{name}\"", StringComparison.Ordinal), $"Nothing says {name}");

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Look_for_metrics_that_are_measured(string name) => Assert.Contains($"\"{name}\"", Measures, StringComparison.Ordinal);

    [Fact]
    public void Look_for_something_of_each_kind() => Assert.Equal([8, 3, 2], new IEnumerable<object[]>[] { Events, Properties, Metrics }.Select(each => each.Count()));

    [GeneratedRegex(@"'((?:Transactions?|Step|EventStore)[A-Z]\w+)\\?'")]
    private static partial Regex EventNames();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex PropertyNames();

    [GeneratedRegex("'(atomic\\.[a-z.]+)'")]
    private static partial Regex MetricNames();
}
