using System.Text;
using Beacon.Alerting.Playbooks.Drills;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class DrillReaderTests
{
    private const string Good = """{"playbook":"playbook--1","title":"T","events":[{"channel":"Http","line":"{}"}],"expect":{"rules":["r"],"category":"anomaly","level":"Blue"},"path":["a"]}""";

    private static IReadOnlyList<string> Faults(string json) => DrillReader.Read(Encoding.UTF8.GetBytes(json), "x").Faults;

    [Fact]
    public void Read_AWholeDrill_HasNoFaultAndTheFilesName()
    {
        var (drill, faults) = DrillReader.Read(Encoding.UTF8.GetBytes(Good), "x");
        Assert.Empty(faults);
        Assert.Equal(("x", DrillChannel.Http), (drill!.Name, drill.Events[0].Channel));
    }

    [Theory]
    [InlineData("\"line\":\"{}\"", "\"line\":\"a\\nb\"", "$.events[0].line")]
    [InlineData("\"line\":\"{}\"", "\"line\":\"{}\",\"times\":1001", "$.events[0].times")]
    [InlineData("\"line\":\"{}\"", "\"line\":\"{}\",\"after\":-1", "$.events[0].after")]
    [InlineData("\"rules\":[\"r\"]", "\"rules\":[]", "$.expect.rules")]
    [InlineData("anomaly", "weather", "$.expect.category")]
    [InlineData("Blue", "None", "$.expect.level")]
    [InlineData("[\"a\"]", "[]", "$.path")]
    [InlineData("playbook--1", "nothing", "$.playbook")]
    [InlineData("\"title\"", "\"titel\"", "$")]
    public void Read_AFaultyDrill_NamesThePlace(string part, string instead, string path) =>
        Assert.Contains(Faults(Good.Replace(part, instead, StringComparison.Ordinal)), f => f.StartsWith(path, StringComparison.Ordinal));

    [Fact]
    public void Read_TooLargeOrNoJson_IsRefused()
    {
        Assert.NotEmpty(Faults(new string(' ', DrillReader.MaxBytes + 1)));
        Assert.NotEmpty(Faults("null"));
        Assert.NotEmpty(Faults("[["));
    }
}
