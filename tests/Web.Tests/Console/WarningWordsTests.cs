using System.Globalization;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Pages.Warnings;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Tests.Console;

public sealed class WarningWordsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public void Dispose()
    {
        CultureInfo.CurrentUICulture = _before;
        _services.Dispose();
    }

    [Theory]
    [InlineData("en", "clause 1.2 of matrix 3: especially important object × serious damage → orange", "Clause 1.2 of matrix 3: especially important object × serious damage gives orange.")]
    [InlineData("zh-Hans", "clause 1.2 of matrix 3: especially important object × serious damage → orange", "矩阵第 3 版第 1.2 款：特别重要对象 × 严重损害，定为橙色。")]
    [InlineData("zh-Hans", "clause 1.2 of matrix 3: especially important object × serious damage → yellow; spread rule: seen in 2 sectors: water, power, so orange", "矩阵第 3 版第 1.2 款：特别重要对象 × 严重损害，定为黄色。出现在 2 个行业（water, power）：提升为橙色。")]
    [InlineData("zh-Hans", "decided by ingrid: red, the gauge\nreads 71 m", "由 ingrid 决定：红色。the gauge\nreads 71 m")]
    [InlineData("zh-Hans", "what a person wrote", "what a person wrote")]
    public void Clause_WhatGradingWrote_IsSaidInTheViewersLanguage(string language, string kept, string said) =>
        Assert.Equal(said, In(language).Clause(kept, AssetImportance.EspeciallyImportant, DamageGrade.Serious));

    // Each sentence of the damage rule: a new form would otherwise stay English in silence.
    [Theory]
    [InlineData("the gravest alert is critical", "最严重的告警为危急")]
    [InlineData("3 stages of an attack were seen: initial-access, discovery, lateral-movement", "已出现 3 个攻击阶段：初始访问、发现、横向移动")]
    [InlineData("the attack is inside: credential-access", "攻击已进入内部：凭据访问")]
    [InlineData("the attack spreads: lateral-movement", "攻击正在扩散：横向移动")]
    [InlineData("the attack takes effect: impair-process-control", "攻击已产生影响：破坏过程控制")]
    [InlineData("the attack takes effect on 2 assets at once", "攻击同时影响 2 个资产")]
    [InlineData("the attack is inside: a-tactic-of-tomorrow", "攻击已进入内部：a-tactic-of-tomorrow")]
    [InlineData("something else", "something else")]
    public void Damage_EachRule_IsSaidInChinese(string kept, string said) => Assert.Equal(Critical(said), In("zh-Hans").Damage(kept));

    [Fact]
    public void Happened_ManyAlerts_AreFiveLinesOfTheGravestAndTheRestOpens()
    {
        var evidence = Enumerable.Range(0, 40).Select(i => new WarningEvidence(i, $"A-{i}", $"rule {i % 8} on host {i}", $"rule {i % 8}", i % 8 == 7 ? Severity.Critical : Severity.Medium, new DateTimeOffset(2026, 3, 2, 9, i, 0, TimeSpan.Zero), 2)).Reverse().ToList();
        var happened = new Happened(Detail(evidence));

        Assert.Equal((40, 80L, 8), (happened.Alerts, happened.Detections, happened.All.Count));
        Assert.Equal(Happened.Most, happened.First.Count);
        Assert.Contains(happened.First, l => l.Severity == Severity.Critical);
        Assert.Equal(happened.First.OrderBy(l => l.At), happened.First);
        Assert.Equal(3, happened.Rest.Count);
        Assert.Empty(happened.First.Intersect(happened.Rest));
        Assert.Equal(("rule 0 on host 0", 5), (happened.First[0].Text, happened.First[0].Alerts));
    }

    [Fact]
    public void Happened_NoAlerts_IsEmpty() => Assert.Empty(new Happened(Detail([])).All);

    [Theory]
    [InlineData("en", 1, 1, "One alert from 1 detection, on 1 asset. The attack went initial access → discovery.")]
    [InlineData("en", 1, 12, "One alert from 12 detections, on 1 asset. The attack went initial access → discovery.")]
    [InlineData("en", 2, 3, "2 alerts from 6 detections within 1 min, on 1 asset. The attack went initial access → discovery.")]
    [InlineData("zh-Hans", 2, 3, "1 分钟内 2 条告警，6 次检出，涉及 1 个资产。攻击过程：初始访问 → 发现。")]
    public void InShort_OneOrMany_IsSaidInTheViewersLanguage(string language, int alerts, long detections, string said)
    {
        var evidence = Enumerable.Range(0, alerts).Select(i => new WarningEvidence(i, $"A-{i}", $"rule {i}", $"rule {i}", Severity.High, new DateTimeOffset(2026, 3, 2, 9, i, 0, TimeSpan.Zero), detections)).ToList();
        var warning = Detail(evidence) with { Stages = ["initial-access", "discovery"] };
        Assert.Equal(said, In(language).InShort(new Happened(warning), warning, new Viewer(TimeProvider.System, _services.GetRequiredService<IStringLocalizer<ShellText>>())));
    }

    [Fact]
    public void MatrixDraft_Changes_AreSeenAndUndone()
    {
        var matrix = new WarningMatrix(4, [.. from i in Enum.GetValues<AssetImportance>() from d in Enum.GetValues<DamageGrade>() select new MatrixCell(i, d, WarningLevel.Blue)],
            [.. Enum.GetValues<WarningLevel>().Where(l => l != WarningLevel.None).Select(l => new LevelPolicy(l, true, "operator", false, ["operator", "responder"], 15))], "ann", default, "");
        var draft = new MatrixDraft(matrix);
        Assert.False(draft.AnyChange);

        draft[AssetImportance.Important, DamageGrade.Serious] = WarningLevel.Orange;
        Assert.True(draft.AnyChange && draft.Changed(AssetImportance.Important, DamageGrade.Serious));
        Assert.Equal((4, WarningLevel.Orange), (draft.ToMatrix().Version, draft.ToMatrix().LevelOf(AssetImportance.Important, DamageGrade.Serious)));
        draft[AssetImportance.Important, DamageGrade.Serious] = WarningLevel.Blue;
        Assert.False(draft.AnyChange);

        draft.Acknowledge(WarningLevel.Red, "operator", false);
        Assert.True(draft.AnyChange);
        draft.Acknowledge(WarningLevel.Red, "operator", true);
        Assert.False(draft.AnyChange);
        draft.Spread = new SpreadRule(2, 0, 0, 1, WarningLevel.Orange);
        Assert.True(draft.AnyChange);
    }

    private WarningWords In(string language)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return new WarningWords(_services.GetRequiredService<IStringLocalizer<WarningsText>>(), _services.GetRequiredService<IStringLocalizer<MarkText>>(), new Texts());
    }

    // The word for a severity is the mark's own.
    private string Critical(string said)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
        return said.Replace("危急", _services.GetRequiredService<IStringLocalizer<MarkText>>()["Critical"], StringComparison.Ordinal);
    }

    private static WarningDetail Detail(IReadOnlyList<WarningEvidence> evidence) => new()
    {
        Summary = null!, WhatHappened = "", Importance = default, Damage = default, DamageReason = "", MatrixVersion = 1, Assets = [], Sectors = [], Organisations = [], Stages = [], AlertIds = [], Advice = [], Authority = "",
        Outlook = [], Exposed = [], LikelySectors = [], LikelyOrganisations = [], Evidence = evidence, Awaited = [], Steps = [], Acknowledgements = [],
    };

    // Each title that grading writes is known by its form, or it would stay English in silence.
    [Fact]
    public void Title_OfGrading_IsSaidInTheViewersLanguage()
    {
        foreach (var (_, form) in WarningCategories.Titles)
        {
            var title = form.Replace("{0}", "bas-01", StringComparison.Ordinal);
            Assert.Equal(title, In("en").Title(title));
            Assert.Matches("^(?=.*bas-01)(?!.*[A-Za-z]{3,} )[^{}]*[\u4e00-\u9fff][^{}]*$", In("zh-Hans").Title(title));
        }
        Assert.Equal("bas-01 正被外部探查", In("zh-Hans").Title("bas-01 is being explored from outside"));
        Assert.Equal("What a person wrote", In("zh-Hans").Title("What a person wrote"));
    }

    [Fact]
    public void Shares_AndWhy_AreSaidInTheViewersLanguage()
    {
        Assert.Equal("区域 dmz、账户 svc-backup、other thing", In("zh-Hans").Shares(["zone dmz", "account svc-backup", "other thing"]));
        Assert.Equal("事件中的告警涉及该资产", In("zh-Hans").Why("named by an alert of the incident"));
        Assert.Equal("SSH Login", In("zh-Hans").Why("SSH Login"));
        Assert.Equal("x in zh-Hans", In("zh-Hans").Said("x"));
    }

    private sealed class Texts : IKnownTexts
    {
        public string In(string text, string language) => $"{text} in {language}";
    }
}
