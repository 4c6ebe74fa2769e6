using System.Text.Json;
using Beacon.Events;
using Beacon.Web.Commands.Scan;
using Beacon.Web.Hosting;

namespace Beacon.Web.Tests.Commands.Scan;

public sealed class ScanOutputTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 8, 0, 0, 123, TimeSpan.Zero);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-2+3", "\"'-2+3\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tcmd", "\"'\tcmd\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("1=1", "1=1")]
    [InlineData("中文", "中文")]
    public void Cell_Text_IsQuotedAndNoFormula(string text, string cell) => Assert.Equal(cell, CsvOutput.Cell(text));

    [Fact]
    public void Csv_Match_IsARowUnderItsHeading()
    {
        using var text = new StringWriter();
        using var output = new CsvOutput(text);
        output.Write(ScanTestRules.Match(Time, "a.log#7", host: "=cmd|'/c calc'!A1"));
        Assert.Equal("time,level,host,title,techniques,event,rule\r\n2026-03-01T08:00:00.123Z,high,\"'=cmd|'/c calc'!A1\",Root Signed In,T1078,a.log#7," + ScanTestRules.HighId + "\r\n", text.ToString());
    }

    [Fact]
    public void Ndjson_Match_HasExactlyTheKeysPromised()
    {
        using var text = new StringWriter();
        using (var plain = new NdjsonOutput(text, explain: false)) plain.Write(ScanTestRules.Match(Time));
        using var json = JsonDocument.Parse(text.ToString());
        Assert.Equal(["event", "rule", "title", "level", "time"], json.RootElement.EnumerateObject().Select(static p => p.Name));
        Assert.Equal("2026-03-01T08:00:00.123Z", json.RootElement.GetProperty("time").GetString());

        using var explained = new StringWriter();
        using (var output = new NdjsonOutput(explained, explain: true)) output.Write(ScanTestRules.Match(Time) with { Matched = [new MatchedField("selection", "user.name", "root", 0, 4)] });
        using var more = JsonDocument.Parse(explained.ToString());
        Assert.Equal(4, more.RootElement.GetProperty("matched")[0].GetProperty("length").GetInt32());
    }

    [Fact]
    public void Table_HostileNames_AreShownNotObeyed()
    {
        var line = TableOutput.Line(ScanTestRules.Match(Time, "a\u001b]0;x\u0007.log#1", host: "pc\u202etxt"));
        Assert.Equal("2026-03-01 08:00:00.123  high           pc‹U+202E›txt             Root Signed In  a‹U+001B›]0;x‹U+0007›.log#1", line);
    }

    [Fact]
    public void Timeline_Matches_AreInOrderOfTimeAndThenOfComing()
    {
        using var text = new StringWriter();
        using var output = new TimelineOutput(text, new MatchSorter(2));
        output.Write(ScanTestRules.Match(Time.AddSeconds(2), "b#1"));
        output.Write(ScanTestRules.Match(Time, "b#2"));
        output.Write(ScanTestRules.Match(Time, "a#1"));
        Assert.Empty(text.ToString());
        output.Finish();
        Assert.Equal(["b#2", "a#1", "b#1"], text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l.TrimEnd().Split(' ')[^1]));
    }

    [Theory]
    [InlineData(0, 1_000, 0, "[                              ]   0 %      0.0 MB/s                ")]
    [InlineData(50_000_000, 200_000_000, 2, "[#######                       ]  25 %     25.0 MB/s  0:06 left     ")]
    [InlineData(1_000_000, 20_000_000_000, 1, "[                              ]   0 %      1.0 MB/s  5:33:19 left  ")]
    [InlineData(300, 200, 1, "[##############################] 100 %      0.0 MB/s  0:00 left     ")]
    public void Progress_Line_SaysShareRateAndTimeLeft(long done, long total, int seconds, string line) => Assert.Equal(line, ScanProgress.Line(done, total, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Summary_Matches_AreCountedByRuleHostAndTechnique()
    {
        var summary = new ScanSummary();
        for (var i = 0; i < 3; i++) summary.Count(ScanTestRules.Match(Time, rule: ScanTestRules.Low, host: "b"));
        summary.Count(ScanTestRules.Match(Time, host: ""));
        Assert.Equal(
            """
            rules
                      1  high           Root Signed In
                      3  low            Someone Signed In
            hosts
                      3  b
                      1  (no host)
            techniques
                      3  T1078.003  Local Accounts
                      1  T1078      Valid Accounts

            """, summary.Write(), ignoreLineEndingDifferences: true);
        Assert.Empty(new ScanSummary().Write());
    }

    [Fact]
    public void Summary_MoreHostsThanTheCeiling_CountTogether()
    {
        var summary = new ScanSummary();
        for (var i = 0; i < ScanSummary.MaxHosts + 50; i++) summary.Count(ScanTestRules.Match(Time, host: $"h{i}"));
        Assert.Contains("50  (other hosts)", summary.Write(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T14:30", "2026-03-01T14:30:00Z")]
    [InlineData("2026-03-01T14:30:00+08:00", "2026-03-01T06:30:00Z")]
    public void Time_Iso_IsUtcWhereItNamesNoZone(string text, string utc) => Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), ScanCommand.Time("--from", text));

    [Fact]
    public void Time_NoTime_IsRefusedByTheOption() => Assert.StartsWith("--to ", Assert.Throws<CommandException>(static () => ScanCommand.Time("--to", "tomorrow-ish")).Message, StringComparison.Ordinal);
}
