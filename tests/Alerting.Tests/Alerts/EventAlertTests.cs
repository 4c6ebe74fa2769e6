using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class EventAlertTests
{
    private static readonly DateTimeOffset T = TestHouse.Start;

    private static SecurityEvent Event(int n) => new() { Id = SecurityEventId.From(1, n), Timestamp = T };

    private static Task<IReadOnlyList<EventAlert>> AskAsync(TestHouse house, params IEnumerable<SecurityEvent> events) => house.Alerts.OfEventsAsync([.. events.Select(e => e.Id.ToString())], TestContext.Current.CancellationToken);

    [Fact]
    public async Task OfEvents_EventsOfAlerts_GiveThemGravestFirst()
    {
        using var house = new TestHouse();
        var (shared, other, none) = (Event(1), Event(2), Event(3));
        await house.TakeAsync(Detections.Of(rule: "low", severity: Severity.Low, e: shared), Detections.Of(rule: "grave", severity: Severity.Critical, e: shared), Detections.Of(rule: "grave", severity: Severity.Critical, e: shared), Detections.Of(rule: "other", host: "b", severity: Severity.Medium, e: other), Detections.Of(rule: "absence"));
        var found = await AskAsync(house, shared, other, none);
        Assert.Equal([Severity.Critical, Severity.Medium, Severity.Low], found.Select(a => a.Severity));
        Assert.Equal([shared.Id.ToString(), other.Id.ToString(), shared.Id.ToString()], found.Select(a => a.EventId));
        // A grave one stands in an incident.
        var alert = (await house.Alerts.FindAsync(found[0].AlertId, TestContext.Current.CancellationToken))!.Summary;
        Assert.Equal((alert.Number, alert.Title, alert.Status, alert.IncidentId, alert.IncidentNumber), (found[0].Number, found[0].Title, found[0].Status, found[0].IncidentId, found[0].IncidentNumber));
        Assert.NotNull(found[0].IncidentId);
        Assert.Null(found[2].IncidentId);
        Assert.Empty(await AskAsync(house, none));
        Assert.Empty(await AskAsync(house));
    }

    [Fact]
    public async Task OfEvents_EvidenceThatIsNoLongerKept_IsNoLongerFound()
    {
        using var house = new TestHouse(o => o.EvidencePerAlert = 2);
        await house.TakeAsync([.. Enumerable.Range(1, 5).Select(n => Detections.Of(e: Event(n), at: T.AddSeconds(n)))]);
        // The first and the newest two.
        var found = new List<int>();
        foreach (var n in Enumerable.Range(1, 5)) if ((await AskAsync(house, Event(n))).Count == 1) found.Add(n);
        Assert.Equal([1, 4, 5], found);
    }

    [Fact]
    public async Task OfEvents_MoreThanAtOnce_IsRefused()
    {
        using var house = new TestHouse();
        Assert.Empty(await AskAsync(house, Enumerable.Range(0, EventAlert.MaxEvents).Select(Event)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AskAsync(house, Enumerable.Range(0, EventAlert.MaxEvents + 1).Select(Event)));
    }

    [Fact]
    public async Task Steps_OverEvidenceThatWasThere_LearnItsEvents()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(e: Event(1), summary: "with a \"quote\" on web-7"), Detections.Of(rule: "absence"));
        await house.Database.WriteAsync(t =>
        {
            t.Execute("DROP INDEX alerting_evidence_event");
            t.Execute("ALTER TABLE alerting_evidence DROP COLUMN event_id");
            return t.Execute((t.Connection!.IsSqlite() ? EventAlertSchema.Schema.Steps : EventAlertSchema.Schema.OnPostgres!)[0]);
        }, TestContext.Current.CancellationToken);
        Assert.Single(await AskAsync(house, Event(1)));
    }

    // A page of events is asked about each time it is drawn: never by reading all evidence.
    [Fact]
    public async Task OfEvents_OnSqlite_AsksTheIndex()
    {
        using var house = new TestHouse();
        if (!await house.Database.ReadAsync(c => c.IsSqlite(), TestContext.Current.CancellationToken)) Assert.Skip("PostgreSQL plans by what there is");
        var plan = await house.Database.ReadAsync(c => c.Query("EXPLAIN QUERY PLAN SELECT a.id FROM alerting_evidence e JOIN alerting_alerts a ON a.id = e.alert_id WHERE e.event_id IN (@p0,@p1)", r => r.GetString(3), "1_1", "1_2"), TestContext.Current.CancellationToken);
        Assert.Contains(plan, p => p.Contains("alerting_evidence_event", StringComparison.Ordinal));
    }
}
