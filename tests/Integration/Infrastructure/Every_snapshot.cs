using Atomic.Integration.Infrastructure.Rules;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>Each rule over each set of parameters, as it is and broken by hand.</summary>
public sealed class Every_snapshot
{
    private static readonly Dictionary<string, Rule> Rules = new[]
        {
            HostingRules.All, IdentityRules.All, RoleRules.All, ServiceBusRules.All, StorageRules.All, TelemetryRules.All, AlertRules.All, NetworkRules.All, AccessRules.All, SchedulerRules.All,
        }
        .SelectMany(rules => rules).ToDictionary(rule => rule.Says);

    public static TheoryData<string, string> Applicable
    {
        get
        {
            var applicable = new TheoryData<string, string>();
            foreach (var name in Snapshot.Names)
            {
                var snapshot = Snapshot.Read(name);
                foreach (var rule in Rules.Values.Where(rule => rule.AppliesTo(snapshot))) applicable.Add(name, rule.Says);
            }

            return applicable;
        }
    }

    [Theory]
    [MemberData(nameof(Applicable))]
    public void Holds(string snapshot, string rule) => Assert.Empty(Rules[rule].Offences(Snapshot.Read(snapshot)));

    [Theory]
    [MemberData(nameof(Applicable))]
    public void Is_refused_once_broken(string snapshot, string rule)
    {
        var broken = Snapshot.Read(snapshot);

        Rules[rule].Break(broken);

        Assert.NotEmpty(Rules[rule].Offences(broken));
    }

    [Fact]
    public void Is_held_to_45_rules_at_least() => Assert.All(Snapshot.Names.Select(Snapshot.Read), snapshot =>
        Assert.InRange(Rules.Values.Count(rule => rule.AppliesTo(snapshot)), 45, int.MaxValue));

    [Fact]
    public void Leaves_no_rule_without_a_snapshot()
    {
        var snapshots = Snapshot.Names.Select(Snapshot.Read).ToList();
        Assert.All(Rules.Values, rule => Assert.Contains(snapshots, snapshot => rule.AppliesTo(snapshot)));
    }
}
