using System.Globalization;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.Tests;

public sealed class PhraseTests
{
    [Fact]
    public void Interpolated_KeepsItsFormAndReadsAsWritten()
    {
        var most = 1_234.5;
        Phrase phrase = $"a {"file"} has at most {most:0.00} {{bytes}}";
        Assert.Equal("a {0} has at most {1} {{bytes}}", phrase.Form);
        Assert.Equal("a file has at most 1234.50 {bytes}", phrase.ToString());
    }

    [Fact]
    public void Numbers_AreWrittenAlikeInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Phrase phrase = $"{1.5} of {1_234_567:N0}";
            Assert.Equal("1.5 of 1,234,567", phrase.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void In_AnotherLanguage_TurnsTheOrderAndWhatStandsInside()
    {
        Phrase inner = "the quote is not closed";
        Phrase outer = $"{inner} at {3}";
        var other = new Dictionary<string, string> { ["the quote is not closed"] = "引号未闭合", ["{0} at {1}"] = "第 {1} 处：{0}" };
        Assert.Equal("第 3 处：引号未闭合", outer.In(f => other.GetValueOrDefault(f, f)));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("a { that nobody closes")]
    [InlineData("")]
    public void Text_WithBraces_StandsAsItIs(string hostile)
    {
        Phrase literal = hostile, inside = $"'{hostile}' is none";
        Assert.Equal(hostile, literal.ToString());
        Assert.Equal(hostile, Phrase.Plain(hostile).ToString());
        Assert.Equal($"'{hostile}' is none", inside.ToString());
    }

    [Fact]
    public void Null_StaysNull()
    {
        (int, string?) none = (1, null);
        (int, Phrase? Said) phrase = none;
        Assert.Null(phrase.Said);
    }

    [Fact]
    public void Join_OfSeveral_TranslatesEach()
    {
        var joined = Phrase.Join("; ", ["one", "two"]);
        Assert.Equal("one; two", joined.ToString());
        Assert.Equal("ONE; TWO", joined.In(f => f.Contains('{', StringComparison.Ordinal) ? f : f.ToUpperInvariant()));
    }

    [Fact]
    public void Json_IsTheEnglishText()
    {
        Phrase phrase = $"at most {3}";
        var written = JsonSerializer.Serialize(phrase);
        Assert.Equal("\"at most 3\"", written);
        Assert.Equal(phrase, JsonSerializer.Deserialize<Phrase>(written));
    }
}
