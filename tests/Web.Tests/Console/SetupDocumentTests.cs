using Beacon.Alerting.Notifications;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Pages.Notifications;

namespace Beacon.Web.Tests.Console;

public sealed class SetupDocumentTests
{
    private static readonly NotificationSetup Setup = new(
        4, [new Channel("duty-mail", "email", new Dictionary<string, string> { ["password"] = "secret:mail" }, PerMinute: 6)], [new Contact("ann", ["duty-mail"], new QuietHours("Europe/Oslo", new TimeOnly(22, 0), new TimeOnly(6, 0), [DayOfWeek.Sunday]))],
        [new OnCallSchedule("night", "Europe/Oslo", new DateOnly(2026, 3, 2), new TimeOnly(8, 0), 7, ["ann"], [])], [new Route("all", [NoticeKind.WarningIssued], WarningLevel.Yellow, [], ["person:ann"], 30, [new EscalationStep(15, ["on-call:night"])])],
        "ingrid", default, "why");

    [Fact]
    public void Read_WhatWasWritten_IsTheSameSetup()
    {
        var text = SetupDocument.Write(Setup);
        Assert.DoesNotContain("ingrid", text, StringComparison.Ordinal);
        Assert.Contains("\"secret:mail\"", text, StringComparison.Ordinal);

        var (read, fault) = SetupDocument.Read(text, Setup);
        Assert.Equal("", fault);
        Assert.Equal(SetupDocument.Write(Setup), SetupDocument.Write(read!));
        Assert.Equal(4, read!.Version);
    }

    [Theory]
    [InlineData("", "$ (1:1)")]
    [InlineData("{\"channels\":[{\"id\":5}]}", "$.channels[0].id (1:21)")]
    [InlineData("{\"routes\":[{\"id\":\"a\",\"atLeast\":\"Purple\"}]}", "$.routes[0].atLeast (1:40)")]
    [InlineData("null", "$")]
    public void Read_Faulty_NamesThePlace(string text, string place)
    {
        var (read, fault) = SetupDocument.Read(text, Setup);
        Assert.Null(read);
        Assert.Equal(place, fault);
    }

    [Fact]
    public void Read_ListsLeftOut_AreEmpty() => Assert.Equal((0, 0), (SetupDocument.Read("{}", Setup).Setup!.Channels.Count, SetupDocument.Read("{}", Setup).Setup!.Routes.Count));
}
