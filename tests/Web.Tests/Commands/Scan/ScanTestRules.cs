using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Web.Commands.Scan;

namespace Beacon.Web.Tests.Commands.Scan;

internal static class ScanTestRules
{
    public const string HighId = "9b7f6f0e-7a39-4df5-9f66-0e2f6b6f9d11", LowId = "9b7f6f0e-7a39-4df5-9f66-0e2f6b6f9d12";

    private static SigmaRule HighRule { get; } = Rule(HighId, "Root Signed In", "high", "root", "attack.t1078");
    private static SigmaRule LowRule { get; } = Rule(LowId, "Someone Signed In", "low", "*", "attack.t1078.003");
    public static RuleSet Set { get; } = RuleSet.Compile([HighRule, LowRule]);
    public static ScanRule High { get; } = ScanRule.Of(HighRule);
    public static ScanRule Low { get; } = ScanRule.Of(LowRule);

    public static ScanMatch Match(DateTimeOffset time, string name = "a.log#1", ScanRule? rule = null, string host = "h") => new(name, rule ?? High, time, host, []);

    private static SigmaRule Rule(string id, string title, string level, string user, string tag) => SigmaReader.Read("r.yml",
        $"title: {title}\nid: {id}\ntags: [{tag}]\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  selection:\n    user.name: '{user}'\n  condition: selection\nlevel: {level}\n").Rules[0];
}
