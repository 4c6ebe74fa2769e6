using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Console.Pages.Search;

namespace Beacon.Web.Tests.Console;

public sealed class QueryCompletionTests
{
    [Fact]
    public void Fields_Typed_BeginningsFirstThenTheFrequentOnes()
    {
        var offers = QueryCompletion.Fields(QueryPlace.At("a:1 user.n", 10), [new ValueCount("source.user.name", 900), new ValueCount("user.name", 5), new ValueCount("user.nick name", 7)]);
        Assert.Equal(["user.nick name", "user.name", "source.user.name"], offers.Take(3).Select(o => o.Shown));
        Assert.Equal("a:1 user.name:", offers[1].Apply("a:1 user.n"));
        Assert.Equal("a:1 \"user.nick name\":", offers[0].Apply("a:1 user.n"));
        Assert.InRange(offers.Count, 3, QueryCompletion.Most);
    }

    [Fact]
    public void Fields_NothingTyped_OffersNothing() => Assert.Empty(QueryCompletion.Fields(QueryPlace.At("a:1 ", 4), [new ValueCount("user.name", 5)]));

    [Fact]
    public void Apply_InTheMiddle_LeavesTheRest()
    {
        var offer = QueryCompletion.Fields(QueryPlace.At("host.na AND b:2", 7), [])[0];
        Assert.Equal("host.name: AND b:2", offer.Apply("host.na AND b:2"));
        Assert.Equal(10, offer.Caret);
    }
}
