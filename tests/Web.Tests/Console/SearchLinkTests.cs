using Beacon.Events;
using Beacon.Web.Console.Pages.Search;

namespace Beacon.Web.Tests.Console;

public sealed class SearchLinkTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Query_EveryPart_ComesBackThroughTheAddress()
    {
        var link = new SearchLink("a:\"x & y\" #z", "7d", Noon, Noon.AddHours(2), ["user.name", "a b"]);
        var query = System.Web.HttpUtility.ParseQueryString(link.Query());
        var back = SearchLink.Parse(query["q"], query["span"], query["from"], query["to"], query["cols"]);
        Assert.Equal((link.Text, link.From, link.To), (back.Text, back.From, back.To));
        Assert.Equal(link.Columns, back.Columns);
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("2026-03-10T12:00:00Z", "2026-03-10T11:00:00Z")]
    [InlineData("2026-03-10T12:00:00Z", null)]
    [InlineData("0001-01-01", "2026-03-10T11:00:00Z")]
    public void Parse_SpanThatIsNone_IsLeftOut(string from, string? to) => Assert.False(SearchLink.Parse("", "1h", from, to, null).IsCustom);

    [Fact]
    public void Parse_Columns_AreBoundedAndOnce()
    {
        Assert.Equal(SearchLink.DefaultColumns, SearchLink.Parse("", null, null, null, null).Columns);
        Assert.Empty(SearchLink.Parse("", null, null, null, "").Columns);
        Assert.Equal(["a", "b"], SearchLink.Parse("", null, null, null, "a, b,a,x\u0007").Columns);
        Assert.Equal(SearchLink.MaxColumns, SearchLink.Parse("", null, null, null, string.Join(',', Enumerable.Range(0, 99))).Columns.Count);
    }

    [Fact]
    public void Range_Spans_EndAMinuteFromNow()
    {
        var whole = new TimeRange(Noon.AddDays(-300), Noon);
        Assert.Equal(new TimeRange(Noon.AddMinutes(-15), Noon.AddMinutes(1)), SearchLink.Parse("", "15m", null, null, null).Range(Noon, whole));
        Assert.Equal(whole, SearchLink.Parse("", "all", null, null, null).Range(Noon, whole));
        Assert.Equal(TimeSpan.FromMinutes(30), SearchLink.Step(TimeSpan.FromDays(1) / 120));
    }
}
