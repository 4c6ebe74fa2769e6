using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Secrets;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Tests.Notifications;

public sealed class SetupTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Administrator]);

    private static Dictionary<string, string> Of(params (string, string)[] values) => values.ToDictionary(v => v.Item1, v => v.Item2);

    [Fact]
    public async Task Save_EveryKindOfFault_IsNamedWithItsPath()
    {
        using var house = new TestHouse();
        var setup = NotificationSetup.None with
        {
            Channels =
            [
                new("Upper", "slack", Of(("url", "https://hooks.example.org/T0/B0")), PerMinute: 0), new("pager", "pager", Of()), new("mail", "email", Of(("server", "nowhere"), ("from", "x"), ("password", "secret:lost"), ("colour", "red"))),
                new("mail", "wecom", Of(("url", "secret:known")), Quiet: new QuietHours("Mars/Base", new TimeOnly(1, 0), new TimeOnly(1, 0), [])),
            ],
            People = [new("bo", ["nowhere"])],
            Schedules = [new("night", "Europe/Berlin", new DateOnly(2026, 1, 1), new TimeOnly(8, 0), 0, ["nobody"], [])],
            Routes = [new("r", [], (WarningLevel)9, [], ["mail", "channel:no", "audience"], 4_000, [new(5, ["on-call:night"]), new(5, ["person:no"])])],
        };
        var refusal = (await house.Get<INotificationSetups>().SaveAsync(setup, Ann, "why")).Refusal!;
        foreach (var path in (string[])
        [
            "$.channels: 'mail'", "$.channels[0].id", "$.channels[0].perMinute", "$.channels[0].settings.url: is secret", "$.channels[1].kind", "$.channels[2].settings.server", "$.channels[2].settings.password: the vault has no secret 'lost'",
            "$.channels[2].settings.colour", "$.channels[2].settings.to: is wanted", "$.channels[3].settings.url: the vault", "$.channels[3].quiet.timeZone", "$.channels[3].quiet.to", "$.people[0].channels[0]", "$.schedules[0].turnDays",
            "$.schedules[0].people[0]", "$.routes[0].atLeast", "$.routes[0].targets[0]", "$.routes[0].targets[1]", "$.routes[0].groupSeconds", "$.routes[0].escalation[1].afterMinutes", "$.routes[0].escalation[1].targets[0]",
        ]) Assert.Contains(path, refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hooks.example.org", refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("targets[2]", refusal.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_Good_IsInForceWithItsHistoryAndRecord()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-setup-");
        using (var house = new TestHouse(o => o.Secrets.KeyFile = Path.Combine(folder.FullName, "secrets.key")))
        {
            var setups = house.Get<INotificationSetups>();
            await house.Get<ISecretVault>().PutAsync("hook", "https://hooks.example.org/T0", "", 0, Ann);
            var setup = NotificationSetup.None with { Channels = [new("chat", "slack", Of(("url", "secret:hook")))], Routes = [new("r", [], WarningLevel.None, [], ["channel:chat"], 30, [])] };
            Assert.Equal(RefusalKind.Forbidden, (await setups.SaveAsync(setup, new Actor("sue", [RoleNames.Supervisor]), "why")).Refusal!.Kind);
            Assert.Equal(RefusalKind.Invalid, (await setups.SaveAsync(setup, Ann, "")).Refusal!.Kind);
            var saved = await setups.SaveAsync(setup, Ann, "first");
            Assert.Equal(1, saved.Value!.Version);
            Assert.Equal(RefusalKind.Conflict, (await setups.SaveAsync(setup, Ann, "again")).Refusal!.Kind);
            Assert.True((await setups.SaveAsync(saved.Value with { Routes = [] }, Ann, "second")).Done);

            Assert.Empty((await setups.CurrentAsync()).Routes);
            Assert.Equal([2, 1], (await setups.HistoryAsync()).Select(s => s.Version));
            Assert.Equal(2, (await house.Audit.QueryAsync(new() { Action = "notification.setup" })).Count);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Save_DocumentWithoutItsLists_IsReadAsEmpty()
    {
        using var house = new TestHouse();
        var bare = System.Text.Json.JsonSerializer.Deserialize<NotificationSetup>("""{"Version":0,"Channels":[{"Id":"a"}],"Routes":[{"Id":"r"}]}""")!;
        var refusal = (await house.Get<INotificationSetups>().SaveAsync(bare, Ann, "why")).Refusal!;
        Assert.Contains("$.channels[0].kind", refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("$.routes[0].targets", refusal.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Notifiers_OfTheHouse_AreAllRegistered()
    {
        using var house = new TestHouse();
        var written = typeof(INotifier).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(INotifier).IsAssignableFrom(t)).ToList();
        var notifiers = house.Get<Notifiers>();
        Assert.Equal(written.Select(t => t.Name).Order(), notifiers.Kinds.Select(k => notifiers.Find(k)!.GetType().Name).Order());
        Assert.Equal(9, written.Count);
    }

    [Theory]
    // Nights over midnight, and the nights on which Berlin's clocks change (29 March and 25 October 2026).
    [InlineData("2026-03-02T21:30:00Z", "22:00", "06:00", "2026-03-03T05:00:00Z")]
    [InlineData("2026-03-02T04:59:00Z", "22:00", "06:00", "2026-03-02T05:00:00Z")]
    [InlineData("2026-03-02T05:00:00Z", "22:00", "06:00", null)]
    [InlineData("2026-03-28T23:00:00Z", "22:00", "06:00", "2026-03-29T04:00:00Z")]
    [InlineData("2026-10-24T23:00:00Z", "22:00", "06:00", "2026-10-25T05:00:00Z")]
    [InlineData("2026-03-29T00:30:00Z", "01:00", "02:30", "2026-03-29T01:00:00Z")]
    public void QuietUntil_OverMidnightAndClockChanges_EndsAtLocalTime(string now, string from, string to, string? until)
    {
        var quiet = new QuietHours("Europe/Berlin", TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), []);
        Assert.Equal(until is null ? null : DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), LocalTime.QuietUntil(quiet, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("2026-02-27T12:00:00Z", null)]
    [InlineData("2026-03-02T06:59:00Z", null)]
    [InlineData("2026-03-02T07:00:00Z", "ann")]
    [InlineData("2026-03-09T06:59:00Z", "ann")]
    [InlineData("2026-03-09T07:00:00Z", "bo")]
    [InlineData("2026-03-16T07:00:00Z", "ann")]
    [InlineData("2026-03-30T06:00:00Z", "ann")]
    [InlineData("2026-03-10T12:00:00Z", "cy")]
    public void OnCall_WeeklyTurns_ChangeAtHandOverAlsoAfterTheClocks(string now, string? person)
    {
        var schedule = new OnCallSchedule("s", "Europe/Berlin", new DateOnly(2026, 3, 2), new TimeOnly(8, 0), 7, ["ann", "bo"],
            [new OnCallOverride(TestHouse.Start.AddDays(8), TestHouse.Start.AddDays(9), "cy")]);
        Assert.Equal(person, LocalTime.OnCall(schedule, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
