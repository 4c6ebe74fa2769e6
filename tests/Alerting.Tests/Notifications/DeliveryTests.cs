using Beacon.Alerting.Notifications;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Sending;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Notifications;

public sealed class DeliveryTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Administrator]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-notify-");
    private readonly FakeTimeProvider _clock = new(TestHouse.Start);
    private readonly FakeNotifier _fake = new();
    private readonly TestHouse _house;

    public DeliveryTests() => _house = Open();

    private TestHouse Open() => new(directory: _folder.FullName, clock: _clock, replace: s => s.AddSingleton<INotifier>(_fake));

    private Task<IReadOnlyList<Delivery>> Deliveries => _house.Get<INotificationService>().ListAsync(new DeliveryQuery { Limit = 500 });

    private static Channel Fake(string id, int? perMinute = null, QuietHours? quiet = null, bool enabled = true) => new(id, "fake", new Dictionary<string, string> { ["name"] = id }, enabled, perMinute, quiet);

    private static Route To(string id, string[] targets, int group = 0, EscalationStep[]? escalation = null, NoticeKind[]? kinds = null, WarningLevel atLeast = WarningLevel.None, string[]? audiences = null) =>
        new(id, kinds ?? [], atLeast, audiences ?? [], targets, group, escalation ?? []);

    private async Task SetUpAsync(Channel[] channels, Route[] routes, Contact[]? people = null, OnCallSchedule[]? schedules = null)
    {
        var setups = _house.Get<INotificationSetups>();
        var saved = await setups.SaveAsync(NotificationSetup.None with { Version = (await setups.CurrentAsync()).Version, Channels = channels, Routes = routes, People = people ?? [], Schedules = schedules ?? [] }, Ann, "test");
        Assert.True(saved.Done, saved.Refusal?.Message.ToString());
    }

    private Task<bool> NoticeAsync(string key, string reference = "warning:3", WarningLevel level = WarningLevel.Yellow, NoticeKind kind = NoticeKind.WarningIssued, string audience = "supervisor") =>
        _house.Get<AlertingDatabase>().WriteAsync(unit => NoticeQueue.Add(unit, new Notice(kind, audience, level, "Subject of " + key, "Text", reference, key)), default);

    private async Task TickAsync(TimeSpan? after = null, TestHouse? house = null)
    {
        if (after is { } span) _clock.Advance(span);
        await Task.WhenAll(await (house ?? _house).Get<DeliveryEngine>().TickAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tick_RoutesThatFit_TellEachChannelOnce()
    {
        await SetUpAsync([Fake("a"), Fake("b"), Fake("off", enabled: false)],
        [
            To("all", ["channel:a", "channel:off"]), To("again", ["channel:a"]), To("grave", ["channel:b"], atLeast: WarningLevel.Orange),
            To("other-kind", ["channel:b"], kinds: [NoticeKind.ClockDue]), To("other-people", ["channel:b"], audiences: ["administrator"]),
        ]);
        await NoticeAsync("one");
        await NoticeAsync("one");
        await TickAsync();
        await TickAsync();

        var sent = Assert.Single(_fake.Sent);
        Assert.Equal(("a", "Subject of one"), (sent.Channel, Assert.Single(sent.Message.Notices).Subject));
        Assert.Equal(DeliveryStatus.Sent, Assert.Single(await Deliveries).Status);
    }

    [Fact]
    public async Task Tick_SeveralAboutOneThing_GoTogether()
    {
        await SetUpAsync([Fake("a")], [To("all", ["channel:a"], group: 30)]);
        await NoticeAsync("one");
        await TickAsync();
        Assert.Empty(_fake.Sent);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await NoticeAsync("two");
        await NoticeAsync("three", "incident:9");
        await TickAsync();
        await TickAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["Subject of one", "Subject of two"], Assert.Single(_fake.Sent).Message.Notices.Select(n => n.Subject));
        await TickAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, _fake.Sent.Count);
    }

    [Fact]
    public async Task Tick_MoreThanAChannelTakes_GoesAsOneAndNothingIsLost()
    {
        await SetUpAsync([Fake("a", perMinute: 3)], [To("all", ["channel:a"])]);
        for (var i = 0; i < 50; i++) await NoticeAsync("n" + i, "warning:" + i, i == 49 ? WarningLevel.Red : WarningLevel.Blue);
        await TickAsync();

        Assert.Equal(3, _fake.Sent.Count);
        Assert.Equal("Subject of n49", Assert.Single(_fake.Sent[0].Message.Notices).Subject);
        Assert.Equal(50, _fake.Sent.Sum(s => s.Message.Notices.Count + s.Message.Omitted));
        Assert.All(await Deliveries, d => Assert.Equal(DeliveryStatus.Sent, d.Status));
        await NoticeAsync("late", "warning:99");
        await TickAsync();
        Assert.Equal(3, _fake.Sent.Count);
        await TickAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(4, _fake.Sent.Count);
    }

    [Fact]
    public async Task Tick_ReceiverAway_TriesAgainUnderTheSameIdAndThenIsADeadLetter()
    {
        await SetUpAsync([Fake("a")], [To("all", ["channel:a"])]);
        _fake.Result = SendResult.Later("busy");
        await NoticeAsync("one");
        await TickAsync();
        await TickAsync(TimeSpan.FromSeconds(5));
        Assert.Single(_fake.Sent);
        for (var i = 0; i < 20; i++) await TickAsync(TimeSpan.FromMinutes(40));

        Assert.Equal(12, _fake.Sent.Count);
        Assert.Single(_fake.Sent.Select(s => s.Message.Id).Distinct());
        var dead = Assert.Single(await Deliveries);
        Assert.Equal((DeliveryStatus.Dead, "busy", 12), (dead.Status, dead.Said, dead.Attempt));
        _fake.Result = SendResult.Sent("fine");
        Assert.True((await _house.Get<INotificationService>().ResendAsync(dead.Id, Ann)).Done);
        await TickAsync();
        Assert.Equal(DeliveryStatus.Sent, Assert.Single(await Deliveries).Status);
        Assert.Equal(RefusalKind.Invalid, (await _house.Get<INotificationService>().ResendAsync(dead.Id, Ann)).Refusal!.Kind);
    }

    [Fact]
    public async Task Tick_Refused_IsADeadLetterAtOnceAndOthersGoOn()
    {
        await SetUpAsync([Fake("bad"), Fake("hangs"), Fake("good")], [To("all", ["channel:bad", "channel:hangs", "channel:good"])]);
        _fake.ByChannel["bad"] = SendResult.Refused("no such room");
        _fake.Hangs = "hangs";
        await NoticeAsync("one");
        var under = await _house.Get<DeliveryEngine>().TickAsync(TestContext.Current.CancellationToken);
        while ((await Deliveries).Count(d => d.Status is DeliveryStatus.Sent or DeliveryStatus.Dead) < 2) await Task.Yield();

        var byChannel = (await Deliveries).ToDictionary(d => d.Channel, d => d.Status);
        Assert.Equal((DeliveryStatus.Dead, DeliveryStatus.Sending, DeliveryStatus.Sent), (byChannel["bad"], byChannel["hangs"], byChannel["good"]));
        _clock.Advance(TimeSpan.FromSeconds(21));
        await Task.WhenAll(under);
        Assert.StartsWith("no answer within 20 s", (await Deliveries).Single(d => d.Channel == "hangs").Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_StopWhileSending_TellsAgainUnderTheSameId()
    {
        await SetUpAsync([Fake("a")], [To("all", ["channel:a"])]);
        _fake.Hangs = "a";
        await NoticeAsync("one");
        using var stop = new CancellationTokenSource();
        var under = await _house.Get<DeliveryEngine>().TickAsync(stop.Token);
        while (_fake.Sent.Count == 0) await Task.Yield();
        await stop.CancelAsync();
        await Task.WhenAll(under);
        _fake.Hangs = "";
        using var next = Open();
        if (_house.Database.IsShared) _clock.Advance(TimeSpan.FromHours(1));
        await TickAsync(house: next);

        Assert.Equal(2, _fake.Sent.Count);
        Assert.Equal(_fake.Sent[0].Message.Id, _fake.Sent[1].Message.Id);
        Assert.Equal(DeliveryStatus.Sent, Assert.Single(await Deliveries).Status);
    }

    [Fact]
    public async Task Tick_NobodyAnswers_CallsTheNextUntilSomebodyDoes()
    {
        await SetUpAsync([Fake("first"), Fake("second"), Fake("third")], [To("all", ["channel:first"], escalation: [new(10, ["channel:second"]), new(30, ["channel:third"])])]);
        await NoticeAsync("one");
        await TickAsync();
        await TickAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(["first"], _fake.Sent.Select(s => s.Channel));
        await TickAsync(TimeSpan.FromMinutes(1));
        await TickAsync();
        Assert.Equal(["first", "second"], _fake.Sent.Select(s => s.Channel));
        await _house.Database.WriteAsync(t => t.Execute("INSERT INTO alerting_warning_acknowledgements(warning_id, actor, at) VALUES (3, 'ann', 0)"));
        await TickAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, _fake.Sent.Count);
    }

    [Theory]
    [InlineData("run:r-1/step-1", "UPDATE alerting_run_steps SET status = 2")]
    [InlineData("clock:5", "UPDATE alerting_clocks SET state = 2")]
    [InlineData("incident:1", "UPDATE alerting_timeline SET actor = 'ann', recorded_at = recorded_at + 3600000000")]
    public async Task Tick_EscalationOfAnyKind_StopsWhereSomebodyTookItUp(string reference, string takenUp)
    {
        await SetUpAsync([Fake("first"), Fake("second")], [To("all", ["channel:first"], escalation: [new(10, ["channel:second"])])]);
        await _house.Database.WriteAsync(t =>
        {
            t.Execute("INSERT INTO alerting_run_steps(run_id, step_id, status, attempt, branches_done, branch_failed, note, error) VALUES ('r-1', 'step-1', 9, 0, 0, 0, '', '')");
            t.Execute("INSERT INTO alerting_clocks(id, version, incident_id, incident_number, regime, report, definition, basis, state, aware_at, told, reference, note, rules_version) VALUES (5, 1, 1, 'INC', 'r', 'p', '', 0, 1, 0, 0, '', '', 1)");
            return t.Execute("INSERT INTO alerting_timeline(incident_id, sequence, at, recorded_at, kind, actor, text, reference, previous_hash, hash) VALUES (1, 1, 0, @p0, 0, 'Beacon', '', '', '', '')", TestHouse.Start);
        });
        await NoticeAsync("one", reference);
        await TickAsync();
        await TickAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(["first", "second"], _fake.Sent.Select(s => s.Channel));
        await NoticeAsync("two", reference);
        await TickAsync();
        await _house.Database.WriteAsync(t => t.Execute(takenUp));
        await TickAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(["first", "second", "first"], _fake.Sent.Select(s => s.Channel));
    }

    [Fact]
    public async Task Tick_QuietHours_HoldBackAllButOrangeAndRed()
    {
        // 09:00 UTC is 10:00 in Berlin.
        var quiet = new QuietHours("Europe/Berlin", new TimeOnly(9, 0), new TimeOnly(11, 0), []);
        await SetUpAsync([Fake("a"), Fake("b", quiet: quiet)], [To("all", ["person:bo", "channel:b"])], [new Contact("bo", ["a"], quiet)]);
        await NoticeAsync("yellow");
        await NoticeAsync("orange", "warning:4", WarningLevel.Orange);
        await TickAsync();
        Assert.Equal(["a", "b"], _fake.Sent.Select(s => s.Channel).Order());
        Assert.All(_fake.Sent, s => Assert.Equal("Subject of orange", Assert.Single(s.Message.Notices).Subject));
        await TickAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(2, _fake.Sent.Count);
        await TickAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(4, _fake.Sent.Count);
    }

    [Fact]
    public async Task Tick_OnCallAndAudience_ReachThePerson()
    {
        var schedule = new OnCallSchedule("night", "Asia/Shanghai", new DateOnly(2026, 3, 1), new TimeOnly(8, 0), 1, ["ann", "bo"], []);
        await SetUpAsync([Fake("a"), Fake("b")], [To("night", ["on-call:night"], kinds: [NoticeKind.WarningIssued]), To("own", ["audience"], kinds: [NoticeKind.IncidentAssigned])], [new Contact("ann", ["a"]), new Contact("bo", ["b"])], [schedule]);
        // 17:00 in Shanghai on the second day: bo's turn.
        await NoticeAsync("one");
        await NoticeAsync("two", "incident:1", kind: NoticeKind.IncidentAssigned, audience: "person:ann");
        await TickAsync();
        Assert.Equal([("b", "Subject of one"), ("a", "Subject of two")], _fake.Sent.Select(s => (s.Channel, s.Message.Notices[0].Subject)).OrderByDescending(x => x.Channel));
        Assert.Equal("bo", Assert.Single(await _house.Get<INotificationService>().OnCallAsync()).Person);
    }

    public void Dispose()
    {
        _house.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class FakeNotifier : INotifier
    {
        private readonly Lock _lock = new();
        private readonly List<(string Channel, Message Message)> _sent = [];

        public string Kind => "fake";
        public IReadOnlyList<ChannelSetting> Settings { get; } = [new("name", "of the channel")];
        public int PerMinute => 100;
        public SendResult Result { get; set; } = SendResult.Sent("fine");
        public Dictionary<string, SendResult> ByChannel { get; } = [];
        public string Hangs { get; set; } = "";

        public IReadOnlyList<(string Channel, Message Message)> Sent
        {
            get
            {
                lock (_lock) return [.. _sent];
            }
        }

        public string Preview(Message message, ChannelValues values) => message.Subject;

        public async Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation)
        {
            lock (_lock) _sent.Add((values["name"], message));
            if (values["name"] == Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ByChannel.GetValueOrDefault(values["name"], Result);
        }
    }
}
