using System.Text.Json.Nodes;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Tests.Warnings;

public sealed class KnownTextsTests
{
    private static List<string> Texts
    {
        get
        {
            JsonArray Read(string file, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", file)))![name]!.AsArray();
            var advice = Read("advice.json", "advice").Select(a => a!["text"]!.GetValue<string>());
            var stages = Read("stages.json", "stages").SelectMany(s => new[] { s!["means"]!, s["watch"]! }.Concat(s["follows"]!.AsArray().Select(f => f!["text"]!))).Select(n => n.GetValue<string>());
            var clocks = Read("clocks.json", "regimes").SelectMany(r => new[] { r!["name"]!, r["source"]! }.Concat(r["reports"]!.AsArray().SelectMany(p => new[] { p!["name"]! }.Concat(p["to"]!.AsArray().Select(t => t!)).Concat(p["fields"]!.AsArray().Select(f => f!["label"]!))))).Select(n => n.GetValue<string>());
            return [.. advice.Concat(stages).Concat(clocks).Distinct()];
        }
    }

    // A text that is changed or added without its translation would stay English on a Chinese console.
    [Fact]
    public void In_Chinese_EveryTextOfOursIsThere()
    {
        using var house = new TestHouse();
        Assert.True(Texts.Count > 150);
        Assert.DoesNotContain(Texts, t => !house.Get<IKnownTexts>().In(t, "zh-Hans").Any(c => c is >= '\u4e00' and <= '\u9fff'));
    }

    [Fact]
    public void In_OtherLanguagesAndTexts_GivesTheTextBack()
    {
        using var house = new TestHouse();
        var texts = house.Get<IKnownTexts>();
        var advice = Texts[0];
        Assert.Equal(advice, texts.In(advice, "en"));
        Assert.Equal(advice, texts.In(advice, "nb-NO"));
        Assert.Equal(texts.In(advice, "zh-Hans"), texts.In(advice, "zh-Hans-CN"));
        Assert.Equal("ring the night shift", texts.In("ring the night shift", "zh-Hans"));
    }
}
