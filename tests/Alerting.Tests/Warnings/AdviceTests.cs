using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Tests.Warnings;

public sealed partial class AdviceTests
{
    private static string RulesFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../detection/rules"));

    [Fact]
    public void Rules_OfOurPack_EachHaveAdviceForEveryTechniqueAndTactic()
    {
        using var house = new TestHouse();
        var book = house.Get<AdviceBook>();
        var missing = new List<string>();
        var rules = Directory.EnumerateFiles(RulesFolder(), "*.yml", SearchOption.AllDirectories).Where(f => !f.EndsWith(".cases.yml", StringComparison.Ordinal)).ToList();
        Assert.True(rules.Count > 50);
        foreach (var file in rules)
        {
            var tags = Tag().Matches(File.ReadAllText(file)).Select(m => m.Value).Distinct().ToList();
            foreach (var technique in Attack.TechniquesOf(tags)) if (book.For([technique], []).Count == 0) missing.Add($"{Path.GetFileName(file)}: {technique}");
            foreach (var tactic in Attack.TacticsOf(tags)) if (book.For([], [tactic]).Count == 0) missing.Add($"{Path.GetFileName(file)}: {tactic}");
        }
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"attack\.[a-z0-9._-]+")]
    private static partial Regex Tag();
}
