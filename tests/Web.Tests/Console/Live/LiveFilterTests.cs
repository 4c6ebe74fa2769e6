using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Web.Console.Pages.Live;

namespace Beacon.Web.Tests.Console.Live;

public sealed class LiveFilterTests
{
    [Fact]
    public void Query_EveryPart_ComesBackThroughTheAddress()
    {
        var filter = new LiveFilter("mine", "a & b=c? #1", Severity.High, UrgencyBand.ThisHour, "", "rule/1", Entity.Of(EntityKind.Host, "host:with:colons"));
        var query = System.Web.HttpUtility.ParseQueryString(filter.Query());
        Assert.Equal(filter, LiveFilter.Parse(query["tab"], query["q"], query["sev"], query["band"], query["owner"], query["rule"], query["entity"]));
        Assert.EndsWith("&alert=17", filter.Url(17), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-tab", "99", "Never", "host")]
    [InlineData(null, "", "", ":x")]
    [InlineData("", "-1", "7", "planet:earth")]
    [InlineData("needs", null, null, "host:")]
    public void Parse_WhatItDoesNotKnow_IsLeftOut(string? tab, string? severity, string? band, string? entity) =>
        Assert.Equal(new LiveFilter(), LiveFilter.Parse(tab, null, severity, band, null, "", entity));

    [Fact]
    public void Parse_LongText_IsCut() => Assert.Equal(LiveFilter.MaxText, LiveFilter.Parse(null, new string('x', 5_000), null, null, null, null, null).Text.Length);

    [Fact]
    public void ToQuery_Tabs_AskForWhatTheySay()
    {
        Assert.Equal("ann", new LiveFilter("mine").ToQuery("ann").Owner);
        Assert.True(new LiveFilter("shelved").ToQuery("ann").Shelved);
        Assert.Equal([AlertStatus.Closed], new LiveFilter("closed").ToQuery("ann").Statuses);
        var open = new LiveFilter(Text: " x ", AtLeast: Severity.Critical, Owner: "").ToQuery("ann");
        Assert.Equal(("x", Severity.Critical, "", false), (open.Text, open.AtLeast, open.Owner, open.Shelved));
        Assert.DoesNotContain(AlertStatus.Closed, open.Statuses!);
    }

    [Fact]
    public void Narrows_TabAlone_DoesNot()
    {
        Assert.False(new LiveFilter("closed").Narrows);
        Assert.True(new LiveFilter(Text: "x").Narrows);
    }
}
