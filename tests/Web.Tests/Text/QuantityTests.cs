using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;

namespace Beacon.Web.Tests.Text;

public sealed partial class QuantityTests
{
    [Theory]
    [InlineData(0, "0 alerts were found")]
    [InlineData(1, "1 alert was found")]
    [InlineData(2, "2 alerts were found")]
    [InlineData(1_234_567, "1,234,567 alerts were found")]
    public void Format_OneOrMany_ChoosesTheWord(long count, string said) =>
        Assert.Equal(said, string.Format(CultureInfo.InvariantCulture, "{0} {0:alert was|alerts were} found", Viewer.Number(count)));

    [Theory]
    [InlineData("{0:source flows|sources flow}", 1, "source flows")]
    [InlineData("{0:|s}", 1, "")]
    [InlineData("{0:|s}", 3, "s")]
    [InlineData("{0:N1}", 3, "3.0")]
    [InlineData("{0} 条告警", 1, "1 条告警")]
    public void Format_AnyText_SaysWhatItHas(string text, long count, string said) => Assert.Equal(said, string.Format(CultureInfo.InvariantCulture, text, new Quantity(count)));

    // A bare number would print both words: whoever asks for such a text gives a quantity.
    [Fact]
    public void Texts_WithWordsForOneAndMany_AreAskedForWithAQuantity()
    {
        var keys = ResourceFiles.English.SelectMany(f => f.Value.Where(t => Forms().IsMatch(t.Value)).Select(t => (Resource: f.Key, t.Key))).ToList();
        Assert.True(keys.Count > 20);
        var pages = Directory.EnumerateFiles(Repository.Console, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => (Name: Path.GetFileName(f), Text: File.ReadAllText(f))).ToList();
        var bare = from key in keys
                   from page in pages
                   from Match injected in Regex.Matches(page.Text, $@"IStringLocalizer<{key.Resource}>\s+(\w+)")
                   from Match asked in Regex.Matches(page.Text, $@"\b{injected.Groups[1].Value}\[""{Regex.Escape(key.Key)}""([^\n]*)")
                   where !Given().IsMatch(asked.Groups[1].Value)
                   select $"{page.Name}: {key.Key}";
        Assert.Empty(bare);
    }

    [Theory]
    [InlineData(", Viewer.Number(_alerts.Count)]", true)]
    [InlineData(", name, new Quantity(n)]", true)]
    [InlineData("]", false)]
    [InlineData(", _alerts.Count] and Viewer.Number(1)", false)]
    public void Given_WhatStandsBehindTheKey_TellsAQuantity(string rest, bool given) => Assert.Equal(given, Given().IsMatch(rest));

    [GeneratedRegex(@"\{\d+:[^{}|]*\|[^{}|]*\}")]
    private static partial Regex Forms();

    [GeneratedRegex(@"^,[^\]]*(Viewer\.Number\(|new Quantity\()")]
    private static partial Regex Given();
}
