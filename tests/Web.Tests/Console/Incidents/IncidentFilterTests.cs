using Beacon.Alerting.Incidents;
using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console.Incidents;

public sealed class IncidentFilterTests
{
    [Theory]
    [InlineData("/incidents", null, null, null, null, null, null)]
    [InlineData("/incidents?q=bas%2001&phase=Respond&owner=&by=Severity&back=1", null, "bas 01", "respond", "", "severity", "1")]
    // A closed one is in no phase.
    [InlineData("/incidents?show=closed&owner=ann", "closed", null, "Respond", "ann", "Updated", "0")]
    [InlineData("/incidents", "shut", " ", "Closed", null, "17", "yes")]
    public void Parse_ThenUrl_GivesWhatIsKnown(string url, string? show, string? text, string? phase, string? owner, string? order, string? reversed) =>
        Assert.Equal(url, IncidentFilter.Parse(show, text, phase, owner, order, reversed).Url());

    [Fact]
    public void By_SameColumnTwice_TurnsRound()
    {
        var filter = new IncidentFilter().By(IncidentOrder.Alerts);
        Assert.Equal((IncidentOrder.Alerts, false), (filter.Order, filter.Reversed));
        Assert.True(filter.By(IncidentOrder.Alerts).Reversed);
        Assert.False(filter.By(IncidentOrder.Alerts).By(IncidentOrder.Owner).Reversed);
    }

    [Fact]
    public void ToQuery_WithTerms_LooksForThemInPlaceOfTheText()
    {
        var query = new IncidentFilter(Text: "口令 bas-01", Phase: IncidentStatus.Detect).ToQuery([new("口令", ["Password"])]);
        Assert.Null(query.Text);
        Assert.Equal([IncidentStatus.Detect], query.Statuses);
        Assert.Equal("bas-01", new IncidentFilter(Text: "bas-01").ToQuery([]).Text);
    }
}
