using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Joining;

internal sealed class IncidentJoining(AlertingDatabase database, IncidentCorrelator correlator, WarningDesk warnings, ClockDesk clocks) : IIncidentJoining
{
    /// <summary>More would hold up every other writer for too long.</summary>
    private const int MaxAlerts = 10_000;

    public Task<Outcome<IncidentSummary>> MergeAsync(long id, int version, long other, int otherVersion, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        correlator.Begin();
        var into = Checked(unit, id, version, reason);
        var from = Checked(unit, other, otherVersion, reason);
        if (id == other) throw RefusedException.Invalid("an incident is not merged into itself");
        if (into.Status == IncidentStatus.Closed) throw RefusedException.Invalid($"{into.Number} is closed: open it again, or merge the other way round");
        if (into.AlertCount + from.AlertCount > MaxAlerts) throw RefusedException.Invalid($"together they have more than {MaxAlerts} alerts");
        var alerts = MoveAlerts(unit, into, other);
        var moved = MergeMoves.All(unit, into, from, actor, reason);
        unit.Db.Execute(
            """
            UPDATE alerting_incidents SET alerts = (SELECT count(*) FROM alerting_alerts a WHERE a.incident_id = @p0),
              started_at = CASE WHEN started_at > @p1 THEN @p1 ELSE started_at END, severity = CASE WHEN severity < @p2 THEN @p2 ELSE severity END,
              active_at = (SELECT max(o.active_at) FROM alerting_incidents o WHERE o.id IN (@p0, @p3)) WHERE id = @p0
            """, id, from.StartedAt, from.Severity, other);
        unit.Db.Execute("UPDATE alerting_incidents SET status = 3, closed_at = coalesce(closed_at, @p1), merged_into = @p2, alerts = 0 WHERE id = @p0", other, unit.Now, id);
        unit.Db.Execute("DELETE FROM alerting_incident_links WHERE (incident_id = @p0 AND other_id = @p1) OR (incident_id = @p1 AND other_id = @p0)", id, other);
        IncidentWork.Tie(unit, id, other, IncidentLinkKind.Merged, reason, actor);
        var told = Text.Cut(reason.Trim(), 2_000);
        // The last entry there is quoted here: neither chain can be cut off behind it unseen.
        var last = Timeline.Append(unit, other, unit.Now, TimelineKind.Incident, actor.Name, $"merged it into {into.Number}, where work goes on: {told}", $"incident:{id}");
        Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, actor.Name,
            $"merged {from.Number} into it ({alerts} alerts{moved}); its timeline of {last.Sequence} entries ends with {last.Hash}: {told}", $"incident:{other}");
        unit.Record(actor, "incident.merge", $"incident:{id}", from.Number, into.Number, told);
        unit.Record(actor, "incident.merged", $"incident:{other}", from.Number, into.Number, told);
        clocks.Noticed(unit, id, actor, $"merged {from.Number} into it");
        correlator.Touched(id);
        correlator.Settle(unit, warnings);
        IncidentTable.Touch(unit, other);
        return IncidentTable.Existing(unit, id);
    }, cancellation);

    public Task<Outcome<IncidentSummary>> SplitAsync(long id, int version, IReadOnlyList<long> alerts, string? title, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        correlator.Begin();
        var from = Checked(unit, id, version, reason);
        var chosen = Chosen(unit, from, alerts);
        if (title?.Trim() is { } asked && asked.Length is 0 or > AlertTitle.MaxLength) throw RefusedException.Invalid($"a title has 1 to {AlertTitle.MaxLength} characters");
        var lead = chosen.OrderByDescending(a => a.Severity).ThenBy(a => a.FirstSeen).First();
        var opened = correlator.Open(unit, lead, IncidentCorrelator.EntitiesOf(unit, lead.Id), [.. chosen.Where(a => a.Id != lead.Id)]);
        AlertTable.Update(unit, lead);
        if (title is not null) unit.Db.Execute("UPDATE alerting_incidents SET title = @p1, named = 1 WHERE id = @p0", opened, title.Trim());
        // What only those alerts named goes with them; what a person added stays.
        unit.Db.Execute(
            """
            DELETE FROM alerting_incident_entities WHERE incident_id = @p0 AND added_by IS NULL AND entity_key NOT IN
              (SELECT e.entity_key FROM alerting_alert_entities e JOIN alerting_alerts a ON a.id = e.alert_id WHERE a.incident_id = @p0)
            """, id);
        unit.Db.Execute("UPDATE alerting_incidents SET alerts = (SELECT count(*) FROM alerting_alerts a WHERE a.incident_id = @p0) WHERE id = @p0", id);
        // It was known as long as the one it came from.
        unit.Db.Execute("INSERT INTO alerting_awareness(incident_id, at, actor, why, recorded_at) SELECT @p0, at, actor, why, recorded_at FROM alerting_awareness WHERE incident_id = @p1 ON CONFLICT(incident_id) DO NOTHING", opened, id);
        IncidentWork.Tie(unit, id, opened, IncidentLinkKind.Split, reason, actor);
        var to = IncidentTable.Existing(unit, opened);
        var told = Text.Cut(reason.Trim(), 2_000);
        var last = Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, actor.Name, $"split {to.Number} off with {chosen.Count} alerts ({string.Join(", ", chosen.Take(20).Select(a => a.Number))}): {told}", $"incident:{opened}");
        Timeline.Append(unit, opened, unit.Now, TimelineKind.Incident, actor.Name, $"split it from {from.Number}, whose timeline then had {last.Sequence} entries and ended with {last.Hash}: {told}", $"incident:{id}");
        unit.Record(actor, "incident.split", $"incident:{id}", from.Number, to.Number, told);
        clocks.Noticed(unit, opened, actor, $"split it from {from.Number}");
        correlator.Touched(id);
        correlator.Settle(unit, warnings);
        return IncidentTable.Existing(unit, opened);
    }, cancellation);

    private static List<AlertRow> Chosen(AlertingTransaction unit, IncidentSummary from, IReadOnlyList<long> ids)
    {
        if (ids.Count is 0 or > 1_000) throw RefusedException.Invalid("1 to 1,000 alerts are split off at once");
        var chosen = ids.Distinct().Select(i => AlertTable.Find(unit.Db, i) is { } alert && alert.IncidentId == from.Id ? alert : throw RefusedException.NotFound($"A-{i} is not in {from.Number}")).ToList();
        return chosen.Count < from.AlertCount ? chosen : throw RefusedException.Invalid($"at least one alert stays in {from.Number}");
    }

    private static int MoveAlerts(AlertingTransaction unit, IncidentSummary into, long other)
    {
        var alerts = unit.Db.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 ORDER BY id", AlertRow.Read, other);
        foreach (var alert in alerts)
        {
            (alert.IncidentId, alert.IncidentNumber) = (into.Id, into.Number);
            AlertTable.Update(unit, alert);
        }
        return alerts.Count;
    }

    private static IncidentSummary Checked(AlertingTransaction unit, long id, int version, string reason)
    {
        var incident = IncidentTable.Writable(unit, id);
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        return incident.Version == version ? incident : throw RefusedException.Conflict($"{incident.Number} changed meanwhile: it is at version {incident.Version}, you saw {version}");
    }
}
