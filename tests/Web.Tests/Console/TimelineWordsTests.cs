using System.Globalization;
using System.Resources;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Pages.Warnings;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed partial class TimelineWordsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<IKnownTexts>(new Texts()).AddSingleton<AlertWords>().AddSingleton<WarningWords>().AddSingleton<TimelineWords>().BuildServiceProvider();
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public void Dispose()
    {
        CultureInfo.CurrentUICulture = _before;
        _services.Dispose();
    }

    [Theory]
    [InlineData(TimelineKind.Incident, "INC-2026-0001 opened because of A-1, severity high", "因 A-1 建立 INC-2026-0001，严重性：高")]
    [InlineData(TimelineKind.Incident, "moved from detect to respond: door is shut: see the log", "将阶段由检测改为响应：door is shut: see the log")]
    [InlineData(TimelineKind.Incident, "took it over", "接手了此事件")]
    [InlineData(TimelineKind.Incident, "merged INC-2026-0002 into it (3 alerts, 2 open tasks, W-2026-0004); its timeline of 12 entries ends with 0a1b: one attack", "将 INC-2026-0002 并入此事件（3 条告警、2 个未完成任务、W-2026-0004）；其时间线共 12 条，末条为 0a1b：one attack")]
    [InlineData(TimelineKind.Incident, "China, incident reporting: other network operators: Incident report is due 2026-11-24 14:05 UTC, to provincial cyberspace administration, since wei took the incident in hand", "中国网络安全事件报告：其他网络运营者：事件报告须于 2026-11-24 14:05 UTC 前报送省级网信部门；起因：wei 开始处理该事件")]
    [InlineData(TimelineKind.Alert, "SSH Password Guessed on bas-01 by ann (A-7 shares bas-01, 203.0.113.9)", "SSH 口令被猜中：bas-01，账户 ann（A-7，同样涉及 bas-01, 203.0.113.9）")]
    [InlineData(TimelineKind.Alert, "SSH Password Guessed on bas-01", "SSH 口令被猜中：bas-01")]
    [InlineData(TimelineKind.Alert, "closed A-7 as FalsePositive (Maintenance): patch day", "关闭了 A-7，结论：误报：并未发生（已通告的维护）：patch day")]
    [InlineData(TimelineKind.Warning, "Warning W-2026-0001 issued, blue: clause 3.3 of matrix 1: general object × relatively serious damage → blue", "发布蓝色预警 W-2026-0001：矩阵第 1 版第 3.3 款：一般对象 × 较严重损害，定为蓝色。")]
    [InlineData(TimelineKind.Warning, "W-2026-0001: Nobody with the role responder, supervisor has acknowledged it for 12 min. Told: supervisor", "W-2026-0001：处置员、主管已有 12 分钟无人确认。已通知：主管")]
    [InlineData(TimelineKind.Task, "added the task: ring ann, due 2026-11-24 14:05 UTC", "添加了任务：ring ann（截止 2026-11-24 14:05 UTC）")]
    [InlineData(TimelineKind.Evidence, "added a, b.log, 12 bytes, SHA-256 9f86", "添加了 a, b.log，12 字节，SHA-256 9f86")]
    [InlineData(TimelineKind.Playbook, "[drill] Step 3a, Does it live?: failed: nobody approved it within 2 h", "[演练] 步骤 3a“Does it live?”：失败：2 小时内无人批准")]
    [InlineData(TimelineKind.Playbook, "Step 1, Block the address: waits for approval by the role supervisor: POST https://firewall.example", "步骤 1“Block the address”：等待主管批准：POST https://firewall.example")]
    [InlineData(TimelineKind.Playbook, "Playbook Log source silent: cancel: false alarm", "取消了预案“Log source silent”：false alarm")]
    public void Say_ASentenceOfOurs_IsInTheViewersLanguage(TimelineKind kind, string kept, string said)
    {
        Assert.Equal(said, In("zh-Hans").Say(Entry(kind, kept)));
        Assert.Equal(kept, In("en").Say(Entry(kind, kept)));
    }

    [Theory]
    [InlineData(TimelineKind.Note, "took it over")]
    [InlineData(TimelineKind.Comment, "we took it over")]
    [InlineData(TimelineKind.Incident, "something that a later version writes")]
    [InlineData(TimelineKind.Incident, "opened because of A-1, severity high")]
    [InlineData(TimelineKind.Playbook, "Step by step")]
    [InlineData(TimelineKind.Alert, "")]
    public void Say_PeoplesWordsAndUnknownSentences_StandAsTheyAre(TimelineKind kind, string kept) => Assert.Equal(kept, In("zh-Hans").Say(Entry(kind, kept)));

    [Fact]
    public void Say_StepAndPlaybook_AreNamedAsTheViewerKnowsThem()
    {
        string? Name(string run, string? step) => (run, step) switch { ("r1", "action--7") => "封堵地址", ("r1", null) => "口令暴力破解", _ => null };
        Assert.Equal("步骤 1“封堵地址”：完成", In("zh-Hans").Say(Entry(TimelineKind.Playbook, "Step 1, Block the address: done", "run:r1/action--7"), Name));
        Assert.Equal("预案“口令暴力破解”已启动", In("zh-Hans").Say(Entry(TimelineKind.Playbook, "Playbook Guessed password started", "run:r1"), Name));
        Assert.Equal("步骤 2“Look”：完成", In("zh-Hans").Say(Entry(TimelineKind.Playbook, "Step 2, Look: done", "run:r2/action--8"), Name));
    }

    [Fact]
    public void Forms_EachHole_HasItsPlaceInTheSentence()
    {
        var english = new ResourceManager(typeof(TimelineText));
        Assert.Empty(TimelineForms.All.Where(f => Place().Matches(english.GetString("Say" + f.Key, CultureInfo.InvariantCulture)!).Select(m => m.Value).Distinct().Count() != f.Holes.Length).Select(f => f.Key));
        Assert.Empty(Enum.GetNames<TimelineKind>().Except(["Note"]).Except(TimelineForms.All.Select(f => f.Among.ToString())));
    }

    [Fact]
    public void Say_ALongHostileText_IsSaidAsItStands()
    {
        var words = In("zh-Hans");
        var text = string.Concat(Enumerable.Repeat("added the task: , due (A-1 shares ): ", 200));
        foreach (var kind in Enum.GetValues<TimelineKind>()) Assert.NotEqual("", words.Say(Entry(kind, text)));
    }

    private static TimelineEntry Entry(TimelineKind kind, string text, string reference = "") => new(1, default, default, kind, "wei", text, reference, "", "");

    private TimelineWords In(string language)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return _services.GetRequiredService<TimelineWords>();
    }

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex Place();

    private sealed class Texts : IKnownTexts
    {
        private readonly Dictionary<string, string> _known = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Repository.Root, "alerting", "data", "texts.zh-Hans.json")))!;

        public string In(string text, string language) => language == "zh-Hans" ? _known.GetValueOrDefault(text, text) : text;
    }
}
