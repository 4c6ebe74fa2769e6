using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;
using Beacon.Web.Console.Pages.Coverage;

namespace Beacon.Web.Tests.Console;

public sealed class CoverageMapTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static RuleView Rule(string tag, bool on = true, Phrase? blind = null, DateTimeOffset? last = null, long matches = 0, RuleStage off = RuleStage.Retired) => new(
        Guid.NewGuid().ToString(), "A rule", "", "sigma", Severity.Medium, "test", "", [tag], [], [], "linux / sshd", on ? RuleStage.Live : off, blind, "", "rule.yml", false, matches, 0, "", last, null);

    [Fact]
    public void Cell_RulesOfEachKind_IsShadedByTheBestOfThem()
    {
        var map = new CoverageMap(AttackDomain.Enterprise,
        [
            Rule("attack.t1110.003", last: Now.AddDays(-1), matches: 7), Rule("attack.t1110", blind: "nothing sends it"),
            Rule("attack.t1059.001", blind: "no Sysmon"), Rule("attack.t1059", on: false, last: Now, matches: 9),
            Rule("attack.t1078", last: Now.AddDays(-91), matches: 3), Rule("attack.t1078", blind: "no Sysmon"),
        ], Now);
        var brute = map.Techniques["T1110"];
        Assert.Equal((CoverageState.Fired, 7, 2), (brute.State, brute.Matches, brute.Rules.Count));
        Assert.Equal(CoverageState.Blind, map.Techniques["T1059"].State);
        Assert.Equal((CoverageState.Live, 0), (map.Techniques["T1078"].State, map.Techniques["T1078"].Matches));
        Assert.Equal(CoverageState.NoRule, map.Techniques["T1486"].State);
        Assert.Equal([("no Sysmon", "T1059")], map.Gaps.Select(g => (g.Reason, string.Join(',', g.Techniques))));
        Assert.DoesNotContain(map.Techniques.Keys, static t => t.Contains('.', StringComparison.Ordinal));
    }

    [Fact]
    public void Waiting_RulesThatRaiseNothingYet_AreNamedAndStagedOnesShaded()
    {
        var map = new CoverageMap(AttackDomain.Enterprise, [Rule("attack.t1110", on: false, off: RuleStage.Staged), Rule("attack.t1059", on: false, off: RuleStage.Test), Rule("attack.t1078")], Now);
        Assert.Equal((CoverageState.Staged, CoverageState.NoRule), (map.Techniques["T1110"].State, map.Techniques["T1059"].State));
        Assert.Equal(["T1059", "T1110"], map.Waiting.Select(c => c.Id));
        var credentials = map.Unruled.Single(c => c.Column.Tactic.ShortName == "credential-access");
        Assert.Equal(credentials.Column.Cells.Count - 1, credentials.Unruled.Count);
        Assert.DoesNotContain(credentials.Unruled, c => c.Id == "T1110");
    }

    [Fact]
    public void Columns_OfBothDomains_HoldEveryStandingTechniqueOfTheirTacticsOnceEach()
    {
        foreach (var domain in new[] { AttackDomain.Enterprise, AttackDomain.Ics })
        {
            var map = new CoverageMap(domain, [Rule("attack.t1110", last: Now, matches: 1)], Now);
            Assert.All(map.Columns, c => Assert.Equal(c.Cells.Count, c.Cells.Select(i => i.Id).Distinct().Count()));
            Assert.All(map.Columns, c => Assert.InRange(c.Seen, 0, c.Cells.Count));
            Assert.Equal(map.Columns.SelectMany(c => c.Cells).Select(c => c.Id).Distinct().Count(), map.Techniques.Count);
            Assert.Equal(map.Columns.Count, map.Columns.Count(c => c.Cells.Count > 0));
        }
    }
}
