using System.Text.RegularExpressions;

namespace Beacon.Web.Tests.Text;

public sealed partial class TranslationTests
{
    // What is written the same in both languages: names, units of formats, examples of queries.
    private static readonly HashSet<string> SameInBoth = ["Placeholder", "Language", "Tlp", "ObsIpv4", "ObsIpv6", "ObsCve"];

    public static TheoryData<string> Names => [.. ResourceFiles.English.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Translation_Keys_AreThoseOfTheOriginal(string name)
    {
        var (english, chinese) = Both(name);
        Assert.Equal(english.Keys.Order(), chinese.Keys.Order());
    }

    [Theory, MemberData(nameof(Names))]
    public void Translation_Placeholders_AreThoseOfTheOriginal(string name)
    {
        var (english, chinese) = Both(name);
        Assert.Empty(english.Where(e => !Places(e.Value).SequenceEqual(Places(chinese[e.Key]))).Select(e => e.Key));
    }

    [Theory, MemberData(nameof(Names))]
    public void Translation_Words_AreTranslated(string name)
    {
        var (english, chinese) = Both(name);
        Assert.Empty(english.Where(e => e.Value.Any(char.IsLetter) && !SameInBoth.Contains(e.Key) && chinese[e.Key] == e.Value && Words().IsMatch(Bare(e.Value))).Select(e => $"{e.Key}: {e.Value}"));
        Assert.Empty(chinese.Where(c => string.IsNullOrWhiteSpace(c.Value)).Select(c => c.Key));
    }

    [Theory, MemberData(nameof(Names))]
    public void Translation_Punctuation_IsChineseBetweenChineseWords(string name) => Assert.Empty(Both(name).Chinese.Where(c => Narrow().IsMatch(c.Value)).Select(c => $"{c.Key}: {c.Value}"));

    [Theory]
    [InlineData("没有资产时,一切", true)]
    [InlineData("筛选:名称", true)]
    [InlineData("没有资产时，一切", false)]
    [InlineData("TLP:RED, 12:30", false)]
    public void Narrow_PunctuationAfterAChineseWord_IsFound(string text, bool found) => Assert.Equal(found, Narrow().IsMatch(text));

    [Fact]
    public void Places_RepeatedAndFormatted_AreCountedByNumber() => Assert.Equal(["0", "0", "1"], Places("{1} of {0:N0}, {0}"));

    [Fact]
    public void Places_WordsForOneAndMany_AreTheBusinessOfEachLanguage() => Assert.Equal(["0"], Places("{0} {0:alert|alerts}"));

    private static (IReadOnlyDictionary<string, string> English, IReadOnlyDictionary<string, string> Chinese) Both(string name)
    {
        var file = ResourceFiles.Files.Single(f => Path.GetFileNameWithoutExtension(f) == name);
        var translation = Path.ChangeExtension(file, null) + ResourceFiles.Translation;
        Assert.True(File.Exists(translation), $"{name} has no translation");
        return (ResourceFiles.Read(file), ResourceFiles.Read(translation));
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(Forms().Replace(text, "")).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);
    private static string Bare(string text) => Place().Replace(text, "");

    [GeneratedRegex(@"\{\d+:[^{}|]*\|[^{}|]*\}")]
    private static partial Regex Forms();

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"[\u4e00-\u9fff][,:;?](?=\S)")]
    private static partial Regex Narrow();

    [GeneratedRegex(@"\p{L}{3,}")]
    private static partial Regex Words();
}
