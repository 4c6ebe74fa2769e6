using System.Xml.Linq;
using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class PlaybookSvgTests
{
    private static XDocument Draw(PlaybookJson book, Func<string, StepStatus?> state)
    {
        var (playbook, faults) = Reading.Of(book);
        Assert.Empty(faults);
        return XDocument.Parse(PlaybookSvg.Render(PlaybookGraphs.Of(playbook!), playbook!.Name, state));
    }

    private static PlaybookJson All() => new PlaybookJson().Variable("__n__", "integer", "1").Start(I("i")).If("i", "__n__:value = 1", A("a"), null, While("w")).Manual("a", E("x")).End("x")
        .While("w", "__n__:value > 5", A("b"), Switch("v")).Manual("b", E("x")).Switch("v", "__n__", P("p"), ("1", A("c")), ("default", A("d"))).Manual("c", E("x")).Manual("d", E("x"))
        .Parallel("p", R("r"), A("f"), A("g")).Manual("f", E("x")).Manual("g", E("x")).Runs("r", "playbook--99999999-9999-4999-8999-999999999999", E()).End();

    [Fact]
    public void Render_EveryStepType_IsThereOnceWithItsState()
    {
        var svg = Draw(All(), id => id == A("a") ? StepStatus.Succeeded : id == While("w") ? StepStatus.Running : StepStatus.Pending);
        var groups = svg.Descendants().Where(e => e.Attribute("data-step") is not null).ToDictionary(e => e.Attribute("data-step")!.Value);
        Assert.Equal(11, groups.Count);
        Assert.Equal(("done", "now", "next"), (groups[A("a")].Attribute("class")!.Value, groups[While("w")].Attribute("class")!.Value, groups[R("r")].Attribute("class")!.Value));
        var again = Assert.Single(svg.Descendants(), e => e.Attribute("class")?.Value == "e again");
        Assert.NotEmpty(again.Attribute("d")!.Value);
        Assert.Contains(svg.Descendants(), e => e.Value == "default");
    }

    [Fact]
    public void Render_HostileText_StaysText()
    {
        var book = new PlaybookJson().Start(A("a")).Manual("a", E(), more: s => { s["name"] = "</text><script>alert(1)</script>"; s["description"] = "\" onload=\"x\u0001 & 恢复"; }).End();
        book.Root["name"] = "<svg onload=alert(1)>\"";
        var svg = Draw(book, _ => null);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.DoesNotContain(svg.Descendants().SelectMany(e => e.Attributes()), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("<svg onload=alert(1)>\"", svg.Root!.Attribute("aria-label")!.Value);
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "title" && e.Value.Contains("恢复", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Shipped_AreWellFormed()
    {
        using var house = new TestHouse();
        foreach (var info in house.Library.All) Assert.NotNull(XDocument.Parse(PlaybookSvg.Render(house.Library.Graph(info.Id)!, info.Name, _ => null)).Root);
    }
}
