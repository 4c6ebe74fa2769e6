using Beacon.Detections.Rules;
using Beacon.Events;

namespace Beacon.Detections.Tests.Rules;

public sealed class CaseTextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-casetext");

    [Theory]
    [InlineData("plain")]
    [InlineData("it's: a 'quote' # no comment")]
    [InlineData("line\none\ttab\u0001 \u2028 end")]
    [InlineData("\"both\" and 'these' \\ back\u0007")]
    [InlineData("")]
    [InlineData("- [x]")]
    [InlineData("中文 😀")]
    public void Add_Event_ComesBackAsItWas(string value)
    {
        var e = new SecurityEvent { Timestamp = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero) };
        e.Add("event.module", "sshd");
        e.Add("user.name", value);
        e.Add("process.pid", "12", ValueKind.Number);
        e.Add("host.ip", "10.0.0.1");
        e.Add("host.ip", "10.0.0.2");
        e.Add("event.ok", "true", ValueKind.Boolean);
        var cases = CaseText.Add(CaseText.Add("# ours\n", "first: " + value, match: true, e), "second", match: false, new SecurityEvent());
        var rule = Path.Combine(_folder.FullName, "rule.yml");
        File.WriteAllText(rule, $"title: A\nid: 44444444-4444-4444-8444-444444444444\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  s:\n    user.name|re: '{(value.Length == 0 ? "^$" : ".")}'\n    process.pid: 12\n    host.ip|all: [10.0.0.1, 10.0.0.2]\n    event.ok: true\n  condition: s\n");
        File.WriteAllText(RuleCases.FileOf(rule), cases);
        var result = RuleCases.Run(rule);
        Assert.DoesNotContain(result.Cases, static c => !c.Passed);
        Assert.Equal(value, result.Cases[0].Matched.First(static m => m.Field == "user.name").Value);
        Assert.Equal(["first: " + value, "second"], result.Cases.Select(static c => c.Name));
    }

    [Fact]
    public void Remove_Case_LeavesTheOthersAndWhatStandsBetween()
    {
        var text = CaseText.Add(CaseText.Add(CaseText.Add("# ours", "a", true, new SecurityEvent()), "b", false, new SecurityEvent()), "c", true, new SecurityEvent());
        var line = text.Split('\n').ToList().FindIndex(static l => l.Contains("'b'", StringComparison.Ordinal)) + 1;
        var without = CaseText.Remove(text, line);
        Assert.Contains("'a'", without, StringComparison.Ordinal);
        Assert.DoesNotContain("'b'", without, StringComparison.Ordinal);
        Assert.Contains("'c'", without, StringComparison.Ordinal);
        Assert.StartsWith("# ours", without, StringComparison.Ordinal);
        Assert.Equal(text, CaseText.Remove(text, 1));
        Assert.Equal("not: a list", CaseText.Remove("not: a list", 1));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
