using System.Text.RegularExpressions;
using Atomic.Integration.Infrastructure.Rules;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>src/docs/runbooks: one page for each thing that wakes somebody.</summary>
public sealed partial class Runbooks
{
    public static TheoryData<string> Pages => new(Repository.Files("src/docs/runbooks", "*.md"));

    private static IReadOnlyList<Resource> Alerts => [.. AlertRules.Alerts(Snapshot.Read(Snapshot.Names[0]))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Belong_to_an_alert_and_name_it(string page)
    {
        var alerts = Alerts.Where(alert => AlertRules.RunbookOf(alert) == page).ToList();

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains($"`{alert.Name}`", Repository.Read(page), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Say_where_to_look_what_to_do_and_when_it_is_done(string page) =>
        Assert.All(["**Look.**", "**Do.**", "**Done when**"], part => Assert.Contains(part, Repository.Read(page), StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Lead_to_pages_that_exist(string page) =>
        Assert.All(Link().Matches(Repository.Read(page)), link => Assert.Contains($"src/docs/runbooks/{link.Groups[1].Value}", Repository.Files("src/docs/runbooks", "*.md")));

    [GeneratedRegex(@"\]\(([\w-]+\.md)\)")]
    private static partial Regex Link();
}
