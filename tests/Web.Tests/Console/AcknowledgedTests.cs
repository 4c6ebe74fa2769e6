using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Pages.Warnings;

namespace Beacon.Web.Tests.Console;

public sealed class AcknowledgedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    // The wall counted roles and named people: "0 of 1, missing: ingrid, wei".
    [Fact]
    public void Of_OneRoleOfTwoPeople_CountsPeople()
    {
        var who = Acknowledged.Of([new("operator", false, ["ingrid", "wei"], null)], []);
        Assert.Equal((0, 2), (who.Seen.Count, who.All));
        Assert.Equal([("ingrid", "operator"), ("wei", "operator")], who.Waiting);
    }

    [Fact]
    public void Of_PersonWithTwoRolesRoleOfNobodyAndOlderSights_CountsEachOnce()
    {
        var who = Acknowledged.Of(
            [new("operator", false, ["wei"], null), new("responder", false, ["wei"], null), new("supervisor", false, [], null), new("owner", true, [], null)],
            [new("olav", Noon.AddMinutes(2), TimeSpan.FromMinutes(2), true), new("ann", Noon.AddMinutes(1), TimeSpan.FromMinutes(1), true), new("rune", Noon, TimeSpan.Zero, false)]);
        Assert.Equal(["ann", "olav"], who.Seen.Select(static a => a.Actor));
        Assert.Equal([("wei", "operator")], who.Waiting);
        Assert.Equal(["supervisor"], who.Unheld);
        Assert.Equal(4, who.All);
    }
}
