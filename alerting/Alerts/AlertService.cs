using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

internal sealed class AlertService(
    AlertingDatabase database, AlertReader reader, EntityKeys keys, IncidentCorrelator correlator, WarningDesk warnings, RiskBook risk, ClockDesk clocks, TimeProvider time) : IAlertService
{
    private static readonly TimeSpan LongestShelf = TimeSpan.FromDays(90);

    public Task<AlertPage> ListAsync(AlertQuery query, CancellationToken cancellation = default) =>
        database.ReadAsync(c => AlertReader.List(c, query, time.GetUtcNow()), cancellation);

    public Task<AlertDetail?> FindAsync(long id, CancellationToken cancellation = default) =>
        database.ReadAsync(c => reader.Find(c, id, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<SimilarAlert>> SimilarAsync(long id, int limit = 10, CancellationToken cancellation = default) =>
        database.ReadAsync(c => AlertReader.Similar(c, id, Math.Clamp(limit, 1, 50), time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<EventAlert>> OfEventsAsync(IReadOnlyList<string> events, CancellationToken cancellation = default) =>
        events.Count > EventAlert.MaxEvents ? throw new ArgumentOutOfRangeException(nameof(events), $"at most {EventAlert.MaxEvents} events at once")
        : events.Count == 0 ? Task.FromResult<IReadOnlyList<EventAlert>>([]) : database.ReadAsync<IReadOnlyList<EventAlert>>(c => EventAlerts.Read(c, events), cancellation);

    public Task<IReadOnlyList<AlertSpan>> SpansAsync(Entity entity, DateTimeOffset since, CancellationToken cancellation = default)
    {
        var earliest = time.GetUtcNow().AddDays(-AlertSpan.MaxDays);
        return database.ReadAsync<IReadOnlyList<AlertSpan>>(c => AlertSpans.Read(c, keys.KeyOf(entity), since > earliest ? since : earliest), cancellation);
    }

    public Task<AlertCounts> CountAsync(string? person = null, CancellationToken cancellation = default) =>
        database.ReadAsync(c => AlertReader.Count(c, person, time.GetUtcNow()), cancellation);

    public Task<AlarmLoad> MeasureLoadAsync(CancellationToken cancellation = default) =>
        database.ReadAsync(c => AlarmLoadMeter.Measure(c, time.GetUtcNow()), cancellation);

    public Task<AlarmReport> ReportLoadAsync(CancellationToken cancellation = default) =>
        database.ReadAsync(c => AlarmReportMeter.Measure(c, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<RuleRecord>> RecordsAsync(string? ruleId = null, int limit = 100, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<RuleRecord>>(c => RuleRecords.Read(c, ruleId, Math.Clamp(limit, 1, 500)), cancellation);

    public Task<Outcome<AlertSummary>> AcknowledgeAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "acknowledge", actor, reason, false, (unit, a) =>
        {
            if (a.Status is not AlertStatus.New) throw RefusedException.Invalid($"{a.Number} is {Names.Lower(a.Status)} already");
            a.Status = AlertStatus.Acknowledged;
            a.Owner ??= actor.Name;
            if (a.IncidentId is { } known) clocks.Noticed(unit, known, actor, $"acknowledged {a.Number}");
        }, cancellation);

    public Task<Outcome<AlertSummary>> AssignAsync(long id, int version, string? owner, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "assign", actor, reason, false, (_, a) =>
        {
            MustBeOpen(a);
            a.Owner = string.IsNullOrWhiteSpace(owner) ? null : Text.Cut(owner.Trim(), Actor.MaxNameLength);
        }, cancellation);

    public Task<Outcome<AlertSummary>> EscalateAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "escalate", actor, reason, false, (unit, a) =>
        {
            MustBeOpen(a);
            if (a.Status == AlertStatus.Escalated) throw RefusedException.Invalid($"{a.Number} is escalated already, to {a.IncidentNumber}");
            a.Status = AlertStatus.Escalated;
            a.Owner ??= actor.Name;
            a.ShelvedUntil = null;
            a.ShelvedReason = null;
            correlator.Escalate(unit, a);
            correlator.Touched(a.IncidentId!.Value);
            Timeline.Append(unit, a.IncidentId.Value, unit.Now, TimelineKind.Alert, actor.Name, $"escalated {a.Number}{Because(reason)}", $"alert:{a.Id}");
            clocks.Noticed(unit, a.IncidentId.Value, actor, $"escalated {a.Number}");
        }, cancellation);

    public Task<Outcome<AlertSummary>> DismissAsync(long id, int version, Disposition disposition, Actor actor, string reason, DispositionCause cause = DispositionCause.Unstated, CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "dismiss", actor, reason, true, (unit, a) =>
        {
            MustBeOpen(a);
            if (!Enum.IsDefined(disposition) || disposition == Disposition.Undetermined) throw RefusedException.Invalid("say what it turned out to be: a disposition is wanted");
            a.Status = AlertStatus.Closed;
            if (!DispositionCauses.Fits(disposition, cause)) throw RefusedException.Invalid($"{cause} is no cause of {Names.Of(disposition)}");
            a.Disposition = disposition;
            a.Cause = cause;
            a.ShelvedUntil = null;
            a.ShelvedReason = null;
            if (a.IncidentId is { } incident) Timeline.Append(unit, incident, unit.Now, TimelineKind.Alert, actor.Name, $"closed {a.Number} as {disposition}{(cause == DispositionCause.Unstated ? "" : $" ({cause})")}{Because(reason)}", $"alert:{a.Id}");
        }, cancellation);

    public Task<Outcome<AlertSummary>> ShelveAsync(long id, int version, DateTimeOffset until, Actor actor, string reason, CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "shelve", actor, reason, true, (unit, a) =>
        {
            MustBeOpen(a);
            if (until <= unit.Now || until > unit.Now + LongestShelf) throw RefusedException.Invalid("shelve until a time within the next 90 days");
            a.ShelvedUntil = until;
            a.ShelvedReason = Cut(reason);
            a.Owner ??= actor.Name;
        }, cancellation);

    public Task<Outcome<AlertSummary>> UnshelveAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "unshelve", actor, reason, false, (_, a) =>
        {
            if (a.ShelvedUntil is null) throw RefusedException.Invalid($"{a.Number} is not shelved");
            a.ShelvedUntil = null;
            a.ShelvedReason = null;
        }, cancellation);

    public Task<Outcome<AlertSummary>> UndoAsync(long id, int version, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        correlator.Begin();
        var alert = Checked(unit, id, version);
        var last = unit.Db.Query(
            "SELECT id, action, before_state FROM alerting_alert_operations WHERE alert_id = @p0 AND undone = 0 AND action <> 'undo' ORDER BY id DESC LIMIT 1",
            r => (Id: r.GetInt64(0), Action: r.GetString(1), Before: r.GetString(2)), id);
        if (last.Count == 0) throw RefusedException.Invalid($"{alert.Number} has nothing to take back");
        var now = alert.State;
        var before = JsonSerializer.Deserialize(last[0].Before, DocumentJson.Default.AlertState)!;
        if (alert.IncidentId is { } left && before.IncidentId is null && last[0].Action == "escalate")
        {
            unit.Db.Execute("UPDATE alerting_incidents SET alerts = alerts - 1 WHERE id = @p0", left);
            Timeline.Append(unit, left, unit.Now, TimelineKind.Alert, actor.Name, $"took back the escalation of {alert.Number}", $"alert:{id}");
            correlator.Touched(left);
            alert.IncidentId = null;
            alert.IncidentNumber = null;
        }
        alert.Status = before.Status;
        alert.Owner = before.Owner;
        alert.Disposition = before.Disposition;
        alert.Cause = before.Cause;
        alert.ShelvedUntil = before.ShelvedUntil > unit.Now ? before.ShelvedUntil : null;
        alert.ShelvedReason = alert.ShelvedUntil is null ? null : before.ShelvedReason;
        unit.Db.Execute("UPDATE alerting_alert_operations SET undone = 1 WHERE id = @p0", last[0].Id);
        Save(unit, alert, "undo", actor, $"took back {last[0].Action}", now);
        return alert.Summarise(unit.Now);
    }, cancellation);

    private Task<Outcome<AlertSummary>> ChangeAsync(
        long id, int version, string action, Actor actor, string reason, bool reasonWanted, Action<AlertingTransaction, AlertRow> change, CancellationToken cancellation) => database.TryWriteAsync(unit =>
    {
        if (reasonWanted && string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        correlator.Begin();
        var alert = Checked(unit, id, version);
        var before = alert.State;
        change(unit, alert);
        Save(unit, alert, action, actor, reason, before);
        return alert.Summarise(unit.Now);
    }, cancellation);

    private void Save(AlertingTransaction unit, AlertRow alert, string action, Actor actor, string reason, AlertState before)
    {
        var counted = before.Status != AlertStatus.Closed || before.Disposition is Disposition.Undetermined or Disposition.TruePositive;
        if (counted && !RiskBook.Counts(alert)) risk.Take(unit, alert);
        if (!counted && RiskBook.Counts(alert)) risk.Give(unit, alert, IncidentCorrelator.EntitiesOf(unit, alert.Id));
        AlertTable.Update(unit, alert);
        var old = JsonSerializer.Serialize(before, DocumentJson.Default.AlertState);
        unit.Db.Execute(
            "INSERT INTO alerting_alert_operations(id, alert_id, action, actor, reason, at, before_state, undone) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7)",
            unit.Next("alert-operation"), alert.Id, action, actor.Name, Cut(reason), unit.Now, old, action == "undo");
        unit.Record(actor, "alert." + action, $"alert:{alert.Id}", old, JsonSerializer.Serialize(alert.State, DocumentJson.Default.AlertState), Cut(reason));
        correlator.Settle(unit, warnings);
    }

    private static AlertRow Checked(AlertingTransaction unit, long id, int version)
    {
        var alert = AlertTable.Find(unit.Db, id) ?? throw RefusedException.NotFound($"there is no alert A-{id}");
        return alert.Version == version ? alert : throw RefusedException.Conflict($"{alert.Number} changed meanwhile: it is at version {alert.Version}, you saw {version}");
    }

    private static void MustBeOpen(AlertRow alert)
    {
        if (alert.Status == AlertStatus.Closed) throw RefusedException.Invalid($"{alert.Number} is closed");
    }

    private static string Word(AlertStatus status) => status.ToString().ToLowerInvariant();
    private static string Cut(string reason) => Text.Cut(reason.Trim(), IAlertService.MaxReasonLength);
    private static string Because(string reason) => string.IsNullOrWhiteSpace(reason) ? "" : ": " + Cut(reason);
}
