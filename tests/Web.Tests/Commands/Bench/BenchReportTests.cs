using System.Text.Json;
using Beacon.Web.Commands.Bench;

namespace Beacon.Web.Tests.Commands.Bench;

public class BenchReportTests
{
    private static readonly BenchReport Report = new BenchReport("parse")
        .Add("events", 12L).Add("events_per_second", 1234.56789).Add("not_measured", double.NaN)
        .Add("formats", [BenchReport.Row().Add("name", "sshd \"x\"").Add("events", 7L), BenchReport.Row().Add("name", "nginx").Add("events", 5L)]);

    [Fact]
    public void ToJson_NumbersTextAndRows_IsOneObjectOnOneLine()
    {
        var text = Report.ToJson();

        Assert.DoesNotContain('\n', text);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("parse", json.RootElement.GetProperty("bench").GetString());
        Assert.Equal(Environment.ProcessorCount, json.RootElement.GetProperty("cores").GetInt32());
        Assert.Equal(12, json.RootElement.GetProperty("events").GetInt64());
        Assert.Equal(1234.5679, json.RootElement.GetProperty("events_per_second").GetDouble());
        Assert.Equal("sshd \"x\"", json.RootElement.GetProperty("formats")[0].GetProperty("name").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("formats").GetArrayLength());
    }

    [Fact]
    public void Add_NumberThatJsonHasNot_IsLeftOut() => Assert.DoesNotContain(Report.Values, v => v.Key == "not_measured");

    [Fact]
    public void WriteTable_Rows_StandUnderTheirKeys()
    {
        using var text = new StringWriter();
        Report.WriteTable(text);

        var lines = text.ToString().Split(Environment.NewLine);
        Assert.Contains(lines, l => l.StartsWith("events_per_second", StringComparison.Ordinal) && l.EndsWith("1,235", StringComparison.Ordinal));
        var head = Array.FindIndex(lines, l => l.StartsWith("name", StringComparison.Ordinal));
        Assert.EndsWith("events", lines[head], StringComparison.Ordinal);
        Assert.Equal(lines[head].Length, lines[head + 1].Length);
    }
}
