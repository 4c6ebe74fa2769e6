using Beacon.Events;
using Beacon.Events.QueryLanguage;
using CsCheck;

namespace Beacon.Storage.Tests.QueryLanguage;

public sealed class QueryPlaceTests
{
    private static readonly Gen<string> Hostile = Gen.String[Gen.OneOf(Gen.Char["()[]\":*?\\-<>=! |\0\n\u202e"], Gen.Char.AlphaNumeric, Gen.Char), 0, 30];

    [Theory]
    [InlineData("us|", null, "us", 0, 2)]
    [InlineData("user.name:ro|", "user.name", "ro", 10, 2)]
    [InlineData("user.name:|", "user.name", "", 10, 0)]
    [InlineData("a:1 user.na|me", null, "user.na", 4, 9)]
    [InlineData("a:1 -hos|", null, "hos", 5, 3)]
    [InlineData("a:(x OR y|)", "a", "y", 8, 1)]
    [InlineData("a:(x) b|", null, "b", 6, 1)]
    [InlineData("a:\"two wo|", "a", "two wo", 2, 7)]
    [InlineData("a:\"two\" |", null, "", 8, 0)]
    [InlineData("path:\"C:\\x\\\\\" us|", null, "us", 14, 2)]
    [InlineData("\"threat name\":ab|", "threat name", "ab", 14, 2)]
    [InlineData("source.ip:2001:db|8::1", "source.ip", "2001:db", 10, 11)]
    [InlineData("|", null, "", 0, 0)]
    public void At_Caret_SaysWhatIsTyped(string text, string? field, string typed, int start, int length)
    {
        var caret = text.IndexOf('|', StringComparison.Ordinal);
        Assert.Equal(new QueryPlace(field, typed, start, length), QueryPlace.At(text.Remove(caret, 1), caret));
    }

    [Fact]
    public void At_AnyTextAndCaret_StaysWithinTheText() => Gen.Select(Hostile, Gen.Int[-3, 40]).Sample((text, caret) =>
    {
        var place = QueryPlace.At(text, caret);
        Assert.InRange(place.Start, 0, text.Length);
        Assert.InRange(place.Start + place.Length, place.Start, text.Length);
    }, iter: 20_000);

    [Fact]
    public void Value_AnyText_IsLookedForAsItIs() => Hostile.Sample(value =>
    {
        Assert.True(EventQueryText.TryParse("f:" + QueryText.Value(value), out var filter, out var fault), fault?.Message.ToString());
        Assert.Equal(EventFilter.Equal("f", value), filter);
    }, iter: 20_000);

    [Fact]
    public void Field_AnyName_IsThatField() => Hostile.Where(n => n.Length > 0).Sample(name =>
    {
        Assert.True(EventQueryText.TryParse(QueryText.Field(name) + "x", out var filter, out var fault), fault?.Message.ToString());
        Assert.Equal(EventFilter.Equal(name, "x"), filter);
    }, iter: 20_000);

    [Theory]
    [InlineData("", "user.name:root")]
    [InlineData("a:1 b:2", "a:1 b:2 user.name:root")]
    [InlineData("a:1 OR b:2", "(a:1 OR b:2) user.name:root")]
    public void With_Value_NarrowsTheWholeQuery(string query, string expected)
    {
        Assert.Equal(expected, QueryText.With(query, "user.name", "root", include: true));
        Assert.Equal(expected.Replace("user.name", "NOT user.name", StringComparison.Ordinal), QueryText.With(query, "user.name", "root", include: false));
    }

    [Fact]
    public void TryParse_Places_PointAtEachTest()
    {
        const string text = "a:1 (b:[2 TO 3] OR \"some words\") NOT c:(x OR y*)";
        Assert.True(EventQueryText.TryParse(text, out _, out _, out var places));
        Assert.Equal(["\"some words\"", "a:1", "b:[2 TO 3]", "b:[2 TO 3]", "x", "y*"], places.Values.Select(p => text.Substring(p.Position, p.Length)).Order(StringComparer.Ordinal));
    }
}
