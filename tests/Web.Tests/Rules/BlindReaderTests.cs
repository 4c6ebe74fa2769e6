using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;
using Beacon.Web.Rules;

namespace Beacon.Web.Tests.Rules;

public sealed class BlindReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 14, 30, 0, TimeSpan.Zero);
    private static readonly SourceActivity Silent = Source("fw", Now.AddHours(-2));

    [Fact]
    public void Judge_FedByTheSilentSourceAlone_IsBlindTheGravestFirst()
    {
        var found = BlindReader.Judge("fw", [Feed("firewall", Rule("a", Severity.Low), Rule("b", Severity.High)), Feed("sshd", Rule("c", Severity.Critical))], [Seen("fw"), Seen("bastion")], [Silent, Source("bastion", Now)], Now);
        Assert.Equal([("b", "firewall"), ("a", "firewall")], found.Rules.Select(r => (r.Id, r.Feed)));
        Assert.Equal(0, found.FedByOthers);
    }

    [Fact]
    public void Judge_FedByAnotherThatIsHeard_IsNotBlind()
    {
        var found = BlindReader.Judge("fw", [Feed("firewall", Rule("a", Severity.Low))], [Seen("fw", "fw-2")], [Silent, Source("fw-2", Now)], Now);
        Assert.Equal((0, 1), (found.Rules.Count, found.FedByOthers));
    }

    [Fact]
    public void Judge_FedByAnotherThatIsSilentTooOrGone_IsBlind()
    {
        var feeds = new[] { Feed("firewall", Rule("a", Severity.Low)) };
        Assert.Single(BlindReader.Judge("fw", feeds, [Seen("fw", "fw-2")], [Silent, Source("fw-2", Now.AddHours(-1)) with { SilenceExpectedUntil = Now.AddDays(1) }], Now).Rules);
        Assert.Single(BlindReader.Judge("fw", feeds, [Seen("fw", "removed")], [Silent], Now).Rules);
    }

    [Fact]
    public void Judge_OneOfItsFeedsIsCut_IsNamedOnceAsBlind()
    {
        var joined = Rule("joined", Severity.High);
        var found = BlindReader.Judge("fw", [Feed("firewall", joined), Feed("proxy", joined), Feed("dns", joined)], [Seen("fw"), Seen("fw"), Seen("fw", "dns-1")], [Silent, Source("dns-1", Now)], Now);
        Assert.Equal("firewall", found.Rules.Single().Feed);
        Assert.Equal(0, found.FedByOthers);
    }

    private static SourceActivity Source(string id, DateTimeOffset last) => new(id, id, Now.AddDays(-30), last, TimeSpan.FromSeconds(5), 1_000);

    private static HashSet<string> Seen(params string[] sources) => [.. sources];

    private static FedRules Feed(string name, params RuleView[] rules) => new(new RuleFeed(name, EventFilter.All), rules);

    private static RuleView Rule(string id, Severity level) => new(id, id, "", "sigma", level, "", "", [], [], [], "", RuleStage.Live, null, "", "", false, 0, 0, "", null, null);
}
