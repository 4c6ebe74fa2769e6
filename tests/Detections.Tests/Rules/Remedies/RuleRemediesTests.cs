using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Remedies;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Completion;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Rules.Stages;

namespace Beacon.Detections.Tests.Rules.Remedies;

public sealed class RuleRemediesTests : IDisposable
{
    private const string Id = "44444444-4444-4444-8444-444444444444";
    private const string Head = "title: A\nid: 55555555-5555-4555-8555-555555555555\nlevel: high\nlogsource:\n  product: windows\n  category: process_creation\n";
    private const string Detection = "detection:\n  selection:\n    CommandLine|contains: x\n  condition: selection\n";

    private readonly CatalogHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData(Head + "detection:\n  selection:\n    CommandLine|contians: x\n  condition: selection\n", "contians", "contains")]
    [InlineData(Head + "detection:\n  selection:\n    contians|contians|all:\n      - x\n      - y\n  condition: selection\n", "|contians", "|contains")]
    [InlineData(Head + "detection:\n  selection:\n    CommandLine|contains: x\n  condition: selectoin\n", "selectoin", "selection")]
    [InlineData("title: A\nid: 55555555-5555-4555-8555-555555555555\nlevel: hgih\nlogsource:\n  product: windows\n" + Detection, "hgih", "high")]
    [InlineData("title: A\nid: 55555555-5555-4555-8555-555555555555\nstatus: experimantal\nlevel: high\nlogsource:\n  product: windows\n" + Detection, "experimantal", "experimental")]
    [InlineData("title: A\nid: mine\nlevel: high\nlogsource:\n  product: windows\n" + Detection, "mine", Id)]
    [InlineData(Head + "detection:\n  selection:\n    CommandLine|contains|all: x\n  condition: selection\n", "|all", "")]
    [InlineData(Head + "detection:\n  selection:\n    CommandLin|contains: x\n  condition: selection\n", "CommandLin", "CommandLine")]
    [InlineData(Head + "detection:\n  selection:\n    - hots.name: x\n    - a\n  condition: selection\n", "hots.name", "host.name")]
    [InlineData("title: A\ncorrelation:\n  type: event_cuont\n  rules: [a]\n  group-by: [user.name]\n  timespan: 5m\n  condition:\n    gte: 3\nlevel: high\nid: 55555555-5555-4555-8555-555555555555\n", "event_cuont", "event_count")]
    [InlineData("title: A\nid: 55555555-5555-4555-8555-555555555555\nlevel: high\ndetector: treshold\nsettings:\n  group-by: [user.name]\n", "treshold", "threshold")]
    public async Task First_OfTheFaultThatKnowsIt_MendsTheTextAndNothingElse(string text, string wrong, string right)
    {
        var review = await ReviewAsync();
        var remedy = Remedies(review, text)[0];
        var mended = remedy.Apply(text);
        Assert.Equal(text.Replace(wrong, right, StringComparison.Ordinal), mended);
        Assert.DoesNotContain(Remedies(review, mended), r => r.Word == remedy.Word);
    }

    [Theory]
    [InlineData("title: A\nlevel: high\nlogsource:\n  product: windows\n" + Detection, "title: A\nid: " + Id + "\nlevel: high\nlogsource:\n  product: windows\n" + Detection)]
    [InlineData("level: high\ntitle: A\nlogsource:\n  product: windows\n" + Detection, "id: " + Id + "\nlevel: high\ntitle: A\nlogsource:\n  product: windows\n" + Detection)]
    [InlineData("title: A\nid: 55555555-5555-4555-8555-555555555555\nlogsource:\n  product: windows\n" + Detection + "\n\n", "title: A\nid: 55555555-5555-4555-8555-555555555555\nlogsource:\n  product: windows\n" + Detection + "level: medium\n\n\n")]
    [InlineData(Head + "detection:\n  one:\n    a: x\n  filter_two:\n    b: y\nfields:\n  - c\n", Head + "detection:\n  one:\n    a: x\n  filter_two:\n    b: y\n  condition: one and not filter_two\nfields:\n  - c\n")]
    [InlineData(Head + "detection:\n  filter:\n    a: x", Head + "detection:\n  filter:\n    a: x\n  condition: filter")]
    public async Task Added_WhatIsMissing_StandsWhereItBelongs(string text, string mended)
    {
        var review = await ReviewAsync();
        Assert.Equal(mended, Remedies(review, text)[0].Apply(text));
        Assert.DoesNotContain(Remedies(review, mended), r => r.Kind == RemedyKind.Add);
    }

    [Fact]
    public async Task Replace_NothingNear_OffersAShortListAndNoneOfALongOne()
    {
        var review = await ReviewAsync();
        Assert.Equal(["informational", "low", "medium"], Remedies(review, Head.Replace("high", "whatever", StringComparison.Ordinal) + Detection).Select(r => r.Word));
        Assert.Empty(Remedies(review, Head + "detection:\n  selection:\n    CommandLine|sounds_like: x\n  condition: selection\n"));
    }

    [Fact]
    public async Task Field_OfOnesOwnOrInAValue_IsNobodysSlip() =>
        Assert.Empty((await ReviewAsync()).Check(Head + "detection:\n  selection:\n    Sensor_7|contains: 'CommandLin: y'\n    CMDLINE: x\n  condition: selection\n"));

    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("contians", "contains", 1)]
    [InlineData("ENDWITH", "endswith", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abcdef", "uvwxyz", 4)]
    public void Distance_OfTwoWords_CountsSlips(string a, string b, int slips) => Assert.Equal(slips, Spelling.Distance(a, b, 3));

    private async Task<RuleReview> ReviewAsync()
    {
        var (catalog, _) = await _house.OpenAsync();
        return new RuleReview(catalog, new RuleVocabulary(catalog, []));
    }

    private static List<RuleRemedy> Remedies(RuleReview review, string text) => [.. review.Check(text).SelectMany(f => RuleRemedies.Of(text, f, Guid.Parse(Id)))];
}
