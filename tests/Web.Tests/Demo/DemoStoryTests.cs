using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.Web.Demo;

namespace Beacon.Web.Tests.Demo;

public sealed partial class DemoStoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    // RFC 1918 for the utility's own, RFC 5737 and RFC 3849 for everybody else: nobody's real address stands in a demonstration.
    private static readonly IPNetwork[] Own = [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24" }.Select(IPNetwork.Parse)];

    [Fact]
    public void Steps_InOrder_AndWithinTwoMinutes()
    {
        var times = DemoStory.Steps().Select(s => s.At).ToList();
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], 0, 10);
        Assert.InRange(times[^1], 60, 120);
    }

    [Fact]
    public void Steps_Twice_AreTheSame() => Assert.Equal(Lines(), Lines());

    [Fact]
    public void Steps_Attack_StandsInsideAnOrdinaryDayAndUsesEveryChannel()
    {
        var steps = DemoStory.Steps();
        Assert.True(steps.Count(s => !s.IsAttack) > steps.Count(s => s.IsAttack));
        Assert.Equal(Enum.GetValues<DemoChannel>().Order(), steps.Select(s => s.Channel).Distinct().Order());
        Assert.Subset(steps.Select(s => s.Channel).ToHashSet(), new HashSet<DemoChannel> { DemoChannel.Syslog, DemoChannel.Windows, DemoChannel.Zeek });
    }

    [Fact]
    public void Steps_Addresses_AreNobodys()
    {
        var addresses = Lines().SelectMany(l => Address().Matches(l).Select(m => m.Value)).Distinct().Where(a => IPAddress.TryParse(a, out _)).ToList();
        Assert.Contains(DemoStory.Attacker, addresses);
        Assert.DoesNotContain(addresses, a => !Own.Any(n => n.Contains(IPAddress.Parse(a))));
    }

    [Fact]
    public void Steps_Lines_AreOneLineEach() => Assert.All(Lines(), l => Assert.DoesNotContain('\n', l));

    [Fact]
    public void Assets_Notes_AreSaidInChineseToo()
    {
        var texts = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "texts.zh-Hans.json")))!.AsObject();
        Assert.All(DemoAssets.All, a => Assert.True(texts.ContainsKey(a.Note), a.Note));
    }

    private static IEnumerable<string> Lines() => DemoStory.Steps().Select(s => s.Line(Now));

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])")]
    private static partial Regex Address();
}
