using System.Globalization;
using Beacon.Events;
using Beacon.Web.Console.Text;

namespace Beacon.Web.Tests.Text;

public sealed class KeptPhraseTests
{
    [Theory]
    // Of a form without holes, with one, with several, with a brace that is meant.
    [InlineData("the frame is empty", "数据为空")]
    [InlineData("the parser failed: KeyNotFoundException", "解析器出错：KeyNotFoundException")]
    [InlineData("not JSON: line 3, byte 14", "不是有效的 JSON：第 3 行，第 14 字节")]
    [InlineData("write a map such as {gte: 10}", "请写成映射，如 {gte: 10}")]
    // Behind a name, within another, several in a row.
    [InlineData("ssh fw-1:22: the credentials of user ann are refused", "ssh fw-1:22：用户 ann 的凭据被拒绝")]
    [InlineData("step '4' needs a person whom the drill does not have: the step has no target", "步骤“4”需要人工，而演练中没有此人：该步骤没有目标")]
    [InlineData("POST https://fw.example/block answered 200; the step has no target", "POST https://fw.example/block 应答 200；该步骤没有目标")]
    // Nobody's form: as it stands.
    [InlineData("No space left on device : '/var/lib/beacon'", "No space left on device : '/var/lib/beacon'")]
    [InlineData("a: b", "a: b")]
    [InlineData("", "")]
    public void Kept_IsSaidInTheViewersLanguage(string kept, string said) => Assert.Equal(said, In("zh-Hans", () => Phrases.Kept(kept)));

    [Fact]
    public void Kept_InEnglish_StandsAsItWasKept() => Assert.Equal("the frame is empty", In("en", static () => Phrases.Kept("the frame is empty")));

    [Fact]
    public void Kept_WordsOfOthers_StayInTheirPlace()
    {
        Phrase phrase = $"the parser failed: {"{0} {x}"}";
        Assert.Equal("解析器出错：{0} {x}", In("zh-Hans", () => Phrases.Kept(phrase.ToString())));
    }

    // What a service keeps as text is found again by the words it was made of.
    [Fact]
    public void Kept_OfEveryForm_SaysWhatThePhraseSays()
    {
        foreach (var form in Forms().Where(static f => PhrasePattern.Of(f) is not null))
        {
            var holes = PhrasePattern.Of(form)!.Pieces.Count - 1;
            var parts = Enumerable.Range(0, holes).Select(static n => (object)(7 + n).ToString(CultureInfo.InvariantCulture)).ToArray();
            Assert.NotEqual(string.Format(CultureInfo.InvariantCulture, form, parts), In("zh-Hans", () => Phrases.Kept(string.Format(CultureInfo.InvariantCulture, form, parts))));
        }
    }

    private static Dictionary<string, string>.KeyCollection Forms() =>
        System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Repository.Console, "Text", "phrases.zh-Hans.json")))!.Keys;

    private static string In(string language, Func<string> said)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return said();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
