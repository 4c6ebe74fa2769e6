using Beacon.Alerting.Audit;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Drafts;
using Beacon.Detections.Rules.Stages;
using Beacon.Web.Rules;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Rules;

public sealed class UnfinishedRuleTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RuleDesk Desk => beacon.Host.Services.GetRequiredService<RuleDesk>();
    private RuleCatalog Catalog => beacon.Host.Services.GetRequiredService<RuleCatalog>();
    private UnfinishedDrafts Kept => beacon.Host.Services.GetRequiredService<UnfinishedDrafts>();

    [Fact]
    public async Task Keep_NewTextWithFaults_IsNoRuleGoesNowhereAndIsGoneOnceItIsMended()
    {
        var id = Guid.NewGuid().ToString();
        var (draft, _) = await Desk.KeepUnfinishedAsync(null, Rule(id, "contians"), "olga", Stop);
        Assert.Equal((id, "A Rule"), (draft!.Id, draft.Title));
        Assert.Null(Catalog.Find(id));
        Assert.Contains("faults", (await Desk.MoveAsync(id, RuleStage.Test, "", false, "olga", Stop)).Refusal!.Message.ToString(), StringComparison.Ordinal);

        await Desk.KeepUnfinishedAsync(id, Rule(id, "contins"), "olga", Stop);
        Assert.Contains("contins", (await Kept.FindAsync(id, Stop))!.Text, StringComparison.Ordinal);
        // Mended under another id than it was kept under.
        var other = Guid.NewGuid().ToString();
        Assert.True((await Desk.SaveAsync(new RuleSave(Rule(other, "contains"), null, null, "") { Unfinished = id }, "olga", Stop)).Done);
        Assert.Null(await Kept.FindAsync(id, Stop));
        Assert.Equal(RuleStage.Draft, Catalog.Find(other)!.Stage);
        var trail = await beacon.Host.Services.GetRequiredService<IAuditTrail>().QueryAsync(new AuditQuery { Object = $"rule:{id}" }, Stop);
        Assert.Equal(["rule.keep-unfinished", "rule.keep-unfinished"], trail.Select(t => t.Action));
    }

    [Fact]
    public async Task Keep_NewestTextOfADraft_HoldsTheDraftBackUntilItIsDeleted()
    {
        var id = Guid.NewGuid().ToString();
        await Desk.SaveAsync(new RuleSave(Rule(id, "contains"), null, null, ""), "olga", Stop);
        Assert.NotNull((await Desk.KeepUnfinishedAsync(id, Rule(id, "contians"), "olga", Stop)).Draft);
        Assert.NotNull((await Desk.MoveAsync(id, RuleStage.Test, "", false, "olga", Stop)).Refusal);
        // What stood before the faults is still there.
        Assert.True((await Desk.DeleteAsync(id, "a mistake", draftsOnly: true, "olga", Stop)).Done);
        Assert.NotNull(Catalog.Find(id));
        Assert.True((await Desk.MoveAsync(id, RuleStage.Test, "", false, "olga", Stop)).Done);
        // What left the draft stage keeps no text with faults.
        Assert.Contains("Test", (await Desk.KeepUnfinishedAsync(id, Rule(id, "contians"), "olga", Stop)).Refusal!.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_TextWithoutAnIdOrWithAShippedRulesId_GetsOneOfItsOwn()
    {
        var shipped = Catalog.Rules.First(r => !r.IsUserRule);
        foreach (var text in new[] { "title: [broken", Rule(shipped.Id, "contians") })
        {
            var (draft, _) = await Desk.KeepUnfinishedAsync(null, text, "olga", Stop);
            Assert.NotEqual(shipped.Id, draft!.Id);
            Assert.True(Guid.TryParse(draft.Id, out _));
        }
        Assert.NotNull((await Desk.KeepUnfinishedAsync(shipped.Id, "x", "olga", Stop)).Refusal);
    }

    private static string Rule(string id, string modifier) => $"title: A Rule\nid: {id}\nlevel: low\nlogsource:\n  product: windows\ndetection:\n  selection:\n    CommandLine|{modifier}: whoami\n  condition: selection\n";
}
