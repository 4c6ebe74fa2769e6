using Beacon.Detections.Rules.Completion;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Scheduled.Threshold;
using Beacon.Detections.Tests.Rules.Stages;
using Beacon.Detections.Tests.Scheduled;

namespace Beacon.Detections.Tests.Rules.Completion;

public sealed class RuleCompletionTests : IDisposable
{
    private const string Head = "title: A\nlevel: high\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    Image: x\n  other:\n    - a\n";

    private readonly CatalogHouse _house = new();

    /// <summary>The caret is the '^'.</summary>
    [Theory]
    [InlineData("^", "logsource", "logsource: ")]
    [InlineData("title: x\nlo^", "logsource", "logsource: ")]
    [InlineData("status: ^", "experimental", "experimental")]
    [InlineData("level: hi^", "high", "high")]
    [InlineData("level: 'hi^'", "high", "high")]
    [InlineData("tags:\n  - attack.t1059.0^", "attack.t1059.001", "attack.t1059.001")]
    [InlineData("tags:\n- powershell^", "attack.t1059.001", "attack.t1059.001")]
    [InlineData("tags: [attack.execution, attack.impa^]", "attack.impact", "attack.impact")]
    [InlineData("logsource:\n  ^", "product", "product: ")]
    [InlineData("logsource:\n    product: zeek\n    service: mod^", "modbus", "modbus")]
    [InlineData("logsource:\n    category: web^", "webserver", "webserver")]
    [InlineData(Head + "  condition: ^", "selection", "selection")]
    [InlineData(Head + "  condition: selection and n^", "not", "not")]
    [InlineData(Head + "  condition: selection and not (oth^)", "other", "other")]
    [InlineData(Head + "  third:\n    Comm^", "CommandLine", "CommandLine")]
    [InlineData(Head + "  third:\n    - Comm^", "CommandLine", "CommandLine")]
    [InlineData(Head + "  third:\n    host.na^", "host.name", "host.name")]
    [InlineData(Head + "  third:\n    CommandLine|st^", "startswith", "startswith")]
    [InlineData(Head + "  third:\n    CommandLine|^", "contains", "contains")]
    [InlineData(Head + "  third:\n    - CommandLine|contains|a^: x", "all", "all")]
    [InlineData("correlation:\n  type: temp^", "temporal_ordered", "temporal_ordered")]
    [InlineData("detector: thr^", "threshold", "threshold")]
    public async Task Of_Caret_OffersWhatFitsThere(string text, string offered, string inserted)
    {
        var offers = await OffersAsync(text);
        Assert.Equal(inserted, Assert.Single(offers.Offers, o => o.Text == offered).Insert);
    }

    [Theory]
    [InlineData("title: A\ntitle^")]
    [InlineData("title: lev^")]
    [InlineData(Head + "  third:\n    CommandLine: host.n^")]
    [InlineData("description: product^")]
    public async Task Of_ValuesOfFreeTextAndKeysThatAreThere_OffersNothing(string text) => Assert.Empty((await OffersAsync(text)).Offers);

    [Fact]
    public async Task Take_WordUnderTheCaret_IsReplacedWhole()
    {
        var text = Head + "  third:\n    CommandLine|startswith: x";
        var caret = text.IndexOf("artswith", StringComparison.Ordinal);
        var (catalog, _) = await _house.OpenAsync();
        var offers = new RuleCompletion(new RuleVocabulary(catalog, [])).Of(text, caret);
        var (changed, at) = offers.Take(text, offers.Offers.Single(static o => o.Text == "startswith"));
        Assert.Equal((text, text.LastIndexOf(": x", StringComparison.Ordinal)), (changed, at));
    }

    [Fact]
    public async Task Of_AnyCaretInAnyText_AnswersWithinTheText()
    {
        var (catalog, _) = await _house.OpenAsync();
        await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Retired, new("ann", "a test"), default);
        var completion = new RuleCompletion(new RuleVocabulary(catalog, []));
        foreach (var text in new[] { "", "\n\n", "- - -\n  - : |\n", Head + "---\n" + Head, "detection:\n", new string(' ', 500) + ":", "a:\r\n  b|c: [x, 'y'\r\n" })
        {
            for (var caret = -1; caret <= text.Length + 1; caret++)
            {
                var offers = completion.Of(text, caret);
                Assert.InRange(offers.Start, 0, text.Length);
                Assert.InRange(offers.Start + offers.Length, offers.Start, text.Length);
                Assert.InRange(offers.Offers.Count, 0, RuleCompletion.MaxOffers);
            }
        }
    }

    private async Task<RuleOffers> OffersAsync(string marked)
    {
        var (catalog, _) = await _house.OpenAsync();
        var caret = marked.IndexOf('^', StringComparison.Ordinal);
        return new RuleCompletion(new RuleVocabulary(catalog, [new ThresholdDetector(new FakeEventStore(), _house.Time)])).Of(marked.Remove(caret, 1), caret);
    }

    public void Dispose() => _house.Dispose();
}
