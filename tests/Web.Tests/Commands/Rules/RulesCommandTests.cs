using Beacon.Detections.Attack;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Web.Commands;
using Beacon.Web.Commands.Rules;

namespace Beacon.Web.Tests.Commands.Rules;

public sealed class RulesCommandTests
{
    [Fact]
    public void Rules_EverySubcommand_HasAnExample() =>
        Assert.All(RulesCommand.Create().Subcommands, static c => Assert.Contains($"./run rules {c.Name}", c.Description, StringComparison.Ordinal));

    [Fact]
    public void Write_CaseThatDiffers_ShowsExpectedActualAndTheValueBesideWhatWasLookedFor()
    {
        var text = CaseDiff.Write(new RuleCaseResult("x.cases.yml", 7, "id", "listens", Expected: true, Actual: false, [],
            new RuleTrace(true, [new TracedSelection("selection", false, [new TracedField("Image", "process.executable", "'*/nc'", ["/bin/ls\u001b[31m"], false), new TracedField("", "", "'x'", [], true)])])));
        Assert.Equal(
            """
            x.cases.yml:7: 'listens' differs
                expected: match
                actual:   no match
                - selection did not hold
                    - Image (process.executable)
                        looked for: '*/nc'
                        event has:  '/bin/ls‹U+001B›[31m'
                    + any field
                        looked for: 'x'

            """, text, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Coverage_ShippedRules_NameKnownTechniquesOnly()
    {
        var load = RuleLoad.From([.. RulePaths.Enumerate(RulePaths.Shipped)]);
        Assert.NotEqual(RuleSet.Empty, load.Set);
        var layer = CoverageCommand.Layer(load, AttackDomain.Ics);
        Assert.Empty(layer.Unknown);
        Assert.True(layer.Covered > 5);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a\nb\tc", "a‹U+000A›b‹U+0009›c")]
    [InlineData("safe\u202egpj.exe", "safe‹U+202E›gpj.exe")]
    [InlineData("中文 é", "中文 é")]
    public void Clean_Text_ShowsWhatATerminalWouldObey(string text, string clean) => Assert.Equal(clean, TerminalText.Clean(text));
}
