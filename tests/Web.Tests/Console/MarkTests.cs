using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Marks;
using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

/// <summary>A level is never colour alone: each mark has a shape, a word and a class of its own.</summary>
public sealed class MarkTests : IDisposable
{
    private readonly BunitContext _page = new();

    public MarkTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public void Dispose() => _page.Dispose();

    [Fact]
    public void LevelMark_EveryLevel_HasShapeWordAndClassOfItsOwn()
    {
        var drawn = Enum.GetValues<WarningLevel>().Select(level => _page.Render<LevelMark>(p => p.Add(m => m.Level, level))).ToList();
        Assert.Equal(drawn.Count, drawn.Select(d => d.Find("svg").InnerHtml).Distinct().Count());
        Assert.Equal(drawn.Count, drawn.Select(d => d.Find("span.lv").ClassName).Distinct().Count());
        Assert.Equal(drawn.Count, drawn.Select(d => d.Find("span.lv > span").TextContent).Distinct().Count());
        Assert.All(drawn, d => Assert.NotEmpty(d.Find("svg").GetAttribute("aria-label")!));
    }

    [Theory]
    [InlineData(WarningLevel.Red, "lv-red", "Red · I")]
    [InlineData(WarningLevel.Orange, "lv-orange", "Orange · II")]
    [InlineData(WarningLevel.Yellow, "lv-yellow", "Yellow · III")]
    [InlineData(WarningLevel.Blue, "lv-blue", "Blue · IV")]
    public void LevelMark_Level_NamesItselfWithItsNumeral(WarningLevel level, string name, string words)
    {
        var mark = _page.Render<LevelMark>(p => p.Add(m => m.Level, level)).Find("span.lv");
        Assert.Contains(name, mark.ClassList);
        Assert.Equal(words, mark.TextContent.Trim());
        Assert.Equal(level.ToString(), mark.GetAttribute("data-level"));
    }

    [Fact]
    public void LevelMark_NothingStands_HasNoColour() =>
        Assert.Equal("lv none", _page.Render<LevelMark>(p => p.Add(m => m.Level, WarningLevel.Red).Add(m => m.Standing, false)).Find("span").ClassName);

    [Fact]
    public void SeverityMark_EverySeverity_ShowsAsManyBarsAndItsWord()
    {
        var words = new HashSet<string>();
        foreach (var severity in Enum.GetValues<Severity>())
        {
            var mark = _page.Render<SeverityMark>(p => p.Add(m => m.Value, severity));
            Assert.Equal(Math.Min(4, (int)severity), mark.FindAll("rect.on").Count);
            Assert.Equal(4, mark.FindAll("rect").Count);
            Assert.Contains("sev-" + severity.ToString().ToLowerInvariant(), mark.Find("span").ClassList);
            Assert.True(words.Add(mark.Find("span > span").TextContent));
        }
    }

    [Fact]
    public void StateMark_EveryState_HasShapeAndClassOfItsOwn()
    {
        var drawn = Enum.GetValues<LinkState>().Select(state => _page.Render<StateMark>(p => p.Add(m => m.Value, state).AddChildContent("<b>word</b>"))).ToList();
        Assert.Equal(drawn.Count, drawn.Select(d => d.Find("svg").InnerHtml).Distinct().Count());
        Assert.Equal(drawn.Count, drawn.Select(d => d.Find("span").ClassName).Distinct().Count());
        Assert.All(drawn, d => Assert.Equal("word", d.Find("b").TextContent));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(6, 0)]
    [InlineData(9, 1)]
    [InlineData(10_000, 1)]
    public void LoadBar_Value_IsMarkedOnlyBeyondTheTargetAndStaysInside(double value, int beyond)
    {
        var bar = _page.Render<LoadBar>(p => p.Add(b => b.Value, value));
        Assert.Equal(beyond, bar.FindAll("rect[fill='var(--st-late)']").Count);
        var widths = bar.FindAll("rect").Skip(1).Sum(r => double.Parse(r.GetAttribute("width")!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(widths, 0, 92);
        Assert.Contains(value.ToString(System.Globalization.CultureInfo.CurrentCulture), bar.Find("svg").GetAttribute("aria-label")!.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_BidirectionalAndInvisibleControls_AreShown()
    {
        var shown = _page.Render<Hostile>(p => p.Add(h => h.Text, "invoice\u202Efdp.exe\u200b\0"));
        Assert.Equal(["‹202E›", "‹200B›", "‹0000›"], shown.FindAll("span.bidi").Select(s => s.TextContent));
        Assert.DoesNotContain('\u202E', shown.Markup);
        Assert.DoesNotContain('\u200b', shown.Markup);
    }

    [Fact]
    public void Hostile_Markup_IsEncoded()
    {
        var shown = _page.Render<Hostile>(p => p.Add(h => h.Text, "<script>alert(1)</script><a href='http://203.0.113.9/'>x</a>"));
        Assert.Empty(shown.FindAll("script, a"));
        Assert.Contains("&lt;script&gt;", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_LongText_IsCutAtItsCeiling() => Assert.Equal(11, _page.Render<Hostile>(p => p.Add(h => h.Text, new string('a', 100)).Add(h => h.Most, 10)).Markup.Trim().Length);

    [Fact]
    public void Evidence_MatchedField_StandsFirstWithItsCharactersMarked()
    {
        const string json = """{"host":{"name":"bas-01"},"message":"Accepted password for root from 203.0.113.47"}""";
        var shown = _page.Render<Evidence>(p => p.Add(e => e.EventJson, json).Add(e => e.Matched, [new MatchedField("selection", "message", "Accepted password for root from 203.0.113.47", 22, 4)]));
        Assert.Equal("root", shown.Find("mark").TextContent);
        Assert.Equal("message", shown.Find(".k").TextContent);
        Assert.Equal("Accepted password for root from 203.0.113.47", string.Concat(shown.Find(".v").TextContent.Split('\n').Select(l => l.TrimStart('\r'))).Trim());
    }

    [Fact]
    public void Evidence_MatchOutsideTheText_MarksTheWholeValue()
    {
        var shown = _page.Render<Evidence>(p => p.Add(e => e.EventJson, """{"user":{"name":"root"}}""").Add(e => e.Matched, [new MatchedField("selection", "user.name", "root", 2, 40)]));
        Assert.Equal("root", shown.Find("mark").TextContent);
    }

    [Fact]
    public async Task Ask_ReasonRequired_IsNotAnsweredWithoutOne()
    {
        var ask = _page.Render<Ask>();
        Task<Ask.Answer?> answering = null!;
        await ask.InvokeAsync(() => { answering = ask.Instance.ShowAsync(new Ask.Question("Dismiss?", "Dismiss") { ReasonRequired = true }); });
        Assert.True(ask.Find("button[type=submit]").HasAttribute("disabled"));
        await ask.Find("form").SubmitAsync();
        Assert.False(answering.IsCompleted);
        await ask.Find("#ask-reason").InputAsync("   ");
        Assert.True(ask.Find("button[type=submit]").HasAttribute("disabled"));

        await ask.Find("#ask-reason").InputAsync(" planned work ");
        Assert.False(ask.Find("button[type=submit]").HasAttribute("disabled"));
        await ask.Find("form").SubmitAsync();
        Assert.Equal("planned work", (await answering)!.Reason);
        Assert.Empty(ask.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task Ask_Left_AnswersNothing()
    {
        var ask = _page.Render<Ask>();
        Task<Ask.Answer?> answering = null!;
        await ask.InvokeAsync(() => { answering = ask.Instance.ShowAsync(new Ask.Question("Shelve?", "Shelve") { Choices = [new("1", "1 h"), new("4", "4 h")] }); });
        Assert.Equal(2, ask.FindAll("input[type=radio]").Count);
        await ask.Find("button[type=button]").ClickAsync();
        Assert.Null(await answering);
    }
}
