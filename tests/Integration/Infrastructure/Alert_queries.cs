using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>An alert on logs is only as good as the words it looks for: the app has to say them, where they are looked for.</summary>
public sealed partial class Alert_queries
{
    private const string Traces = "AppTraces";
    private const string TracesAndExceptions = "AppTraces, AppExceptions";

    // What an alert tells one transaction, or step, from another by.
    private static readonly Dictionary<string, string[]> Needed = new()
    {
        ["TransactionStarted"] = ["Transaction"],
        ["StepParked"] = ["Transaction", "Step"],
        ["StepResumed"] = ["Transaction", "Step"],
        ["TransactionRaised"] = ["Transaction"],
        ["TransactionEnded"] = ["Transaction"],
        ["TransactionNotWatched"] = ["Transaction"],
        ["TransactionsWatched"] = [],
        ["WritesLost"] = ["Transaction"],
        ["EventStoreExported"] = [],
    };

    private static readonly string Queries = Repository.Read("infra/modules/alert-queries.bicep");
    private static readonly string Logs = Repository.Read("src/Functions/Logs.cs");
    private static readonly string Measures = Repository.Read("src/Functions/Operations/Measures.cs") + Repository.Read("src/Functions/Projections/ProjectionMetrics.cs");

    public static TheoryData<string> Events => new(Asked(Queries).Select(asked => asked.Event).Distinct());

    public static TheoryData<string> Metrics => new(MetricNames().Matches(Queries).Select(match => match.Groups[1].Value).Distinct());

    public static TheoryData<string> Pages => new(Repository.Files("src/docs", "*.md").Where(page => Asked(Repository.Read(page)).Any()));

    [Theory]
    [MemberData(nameof(Events))]
    public void Look_for_events_that_are_logged_with_what_they_are_told_apart_by(string name) => Assert.Empty(Lacks(name, Logs));

    [Theory]
    [InlineData("StepParked", "Step")]
    [InlineData("StepParked", "Transaction")]
    [InlineData("TransactionEnded", "Transaction")]
    public void See_what_an_event_says_no_more(string name, string property)
    {
        var forgetful = Regex.Replace(Logs, $$"""\{{{property}}\}(?=[^\n]*\n[^\n]* {{name}}\()""", "one");

        Assert.NotEqual(Logs, forgetful);
        Assert.Equal([property], Lacks(name, forgetful));
    }

    [Fact]
    public void Look_for_properties_that_somebody_says() =>
        Assert.All(PropertyNames().Matches(Queries).Select(match => match.Groups[1].Value).Where(name => name != "EventName"), name =>
            Assert.True(Needed.Values.Any(needed => needed.Contains(name)) || Measures.Contains($"\"{name}\"", StringComparison.Ordinal), $"Nothing says {name}"));

    [Fact]
    public void Look_for_events_where_they_are_filed() => Assert.Empty(Unseen(Queries));

    [Theory]
    [MemberData(nameof(Pages))]
    public void On_pages_look_for_events_where_they_are_filed(string page) => Assert.Empty(Unseen(Repository.Read(page)));

    [Theory]
    [InlineData("AppTraces | where tostring(Properties.EventName) == 'TransactionNotWatched'", "TransactionNotWatched")]
    [InlineData("AppExceptions | where tostring(Properties.EventName) == 'TransactionRaised'", "TransactionRaised")]
    [InlineData("union AppTraces, AppExceptions | where tostring(Properties.EventName) in ('TransactionNotWatched', 'TransactionRaised')")]
    public void See_what_is_looked_for_elsewhere(string query, params string[] unseen) => Assert.Equal(unseen, Unseen(query));

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Look_for_metrics_that_are_measured(string name) => Assert.Contains($"\"{name}\"", Measures, StringComparison.Ordinal);

    [Fact]
    public void Look_for_something_of_each_kind()
    {
        Assert.Equal(Needed.Keys.Order(), Asked(Queries).Select(asked => asked.Event).Distinct().Order());
        Assert.Equal(2, MetricNames().Matches(Queries).Select(match => match.Value).Distinct().Count());
        Assert.NotEmpty(Pages);
    }

    /// <summary>What a query asks for, and the tables that it asks.</summary>
    private static IEnumerable<(string Event, string Of)> Asked(string text) => EventNames().Matches(text)
        .Select(match => (match.Groups[1].Value, Tables().Matches(text[..match.Index]).LastOrDefault()?.Value ?? "nothing"));

    private static IEnumerable<string> Unseen(string text)
    {
        var logged = LogMessage.Read(Logs);
        return Asked(text).Where(asked => asked.Of != TracesAndExceptions && asked.Of != (logged[asked.Event].HasException ? "AppExceptions" : Traces))
            .Select(asked => asked.Event);
    }

    private static IEnumerable<string> Lacks(string name, string source) =>
        LogMessage.Read(source).TryGetValue(name, out var message) ? Needed[name].Except(message.Properties) : ["It is not logged"];

    [GeneratedRegex("""['"]((?:Transactions?|Step|EventStore|Writes)[A-Z]\w+)\\?['"]""")]
    private static partial Regex EventNames();

    [GeneratedRegex("AppTraces, AppExceptions|AppTraces|AppExceptions")]
    private static partial Regex Tables();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex PropertyNames();

    [GeneratedRegex("'(atomic\\.[a-z.]+)'")]
    private static partial Regex MetricNames();
}
