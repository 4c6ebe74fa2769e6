using System.Globalization;
using System.Text;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Joining;

/// <summary>What goes over to the incident that takes another in, beside its alerts.</summary>
internal static class MergeMoves
{
    /// <summary>Moves it and says what: ", 2 tasks, W-2026-0004".</summary>
    public static string All(AlertingTransaction unit, IncidentSummary into, IncidentSummary from, Actor actor, string reason)
    {
        var told = new StringBuilder();
        void Tell(int count, string what)
        {
            if (count > 0) told.Append(CultureInfo.InvariantCulture, $", {count} {what}");
        }
        Entities(unit, into.Id, from.Id);
        Tell(unit.Db.Execute("UPDATE alerting_tasks SET incident_id = @p0 WHERE incident_id = @p1 AND done_at IS NULL", into.Id, from.Id), "open tasks");
        Tell(unit.Db.Execute("UPDATE alerting_runs SET incident_id = @p0, incident_number = @p2 WHERE incident_id = @p1 AND ended_at IS NULL", into.Id, from.Id, into.Number), "playbook runs under way");
        Tell(Custody.MoveAll(unit, into, from, actor, reason), "pieces of evidence");
        Tell(Clocks(unit, into, from), "statutory clocks");
        if (from.WarningId is { } warning) told.Append(Warning(unit, into, from, warning));
        return told.ToString();
    }

    private static void Entities(AlertingTransaction unit, long into, long from) => unit.Db.Execute(
        """
        INSERT INTO alerting_incident_entities(incident_id, entity_key, entity_kind, entity, asset_id, asset_name, importance, first_seen, last_seen, added_by)
        SELECT @p0, entity_key, entity_kind, entity, asset_id, asset_name, importance, first_seen, last_seen, added_by FROM alerting_incident_entities
        WHERE incident_id = @p1 AND entity_key NOT IN (SELECT entity_key FROM alerting_removed_entities WHERE incident_id = @p0) ORDER BY first_seen, entity_key LIMIT 500
        ON CONFLICT(incident_id, entity_key) DO UPDATE SET
          first_seen = CASE WHEN alerting_incident_entities.first_seen > excluded.first_seen THEN excluded.first_seen ELSE alerting_incident_entities.first_seen END,
          last_seen = CASE WHEN alerting_incident_entities.last_seen < excluded.last_seen THEN excluded.last_seen ELSE alerting_incident_entities.last_seen END
        """, into, from);

    /// <summary>What the other one runs and this one does not; both were known since the earlier of the two.</summary>
    private static int Clocks(AlertingTransaction unit, IncidentSummary into, IncidentSummary from)
    {
        unit.Db.Execute(
            """
            INSERT INTO alerting_awareness(incident_id, at, actor, why, recorded_at) SELECT @p0, at, actor, why, recorded_at FROM alerting_awareness WHERE incident_id = @p1
            ON CONFLICT(incident_id) DO UPDATE SET at = excluded.at, actor = excluded.actor, why = excluded.why WHERE excluded.at < alerting_awareness.at
            """, into.Id, from.Id);
        return unit.Db.Execute(
            """
            UPDATE alerting_clocks SET incident_id = @p0, incident_number = @p2, version = version + 1
            WHERE incident_id = @p1 AND regime NOT IN (SELECT o.regime FROM alerting_clocks o WHERE o.incident_id = @p0)
            """, into.Id, from.Id, into.Number);
    }

    /// <summary>One incident is graded by one warning: the other's goes over where this one has none, else a person is told that it still stands.</summary>
    private static string Warning(AlertingTransaction unit, IncidentSummary into, IncidentSummary from, long warning)
    {
        if (into.WarningId is not null) return from.WarningLevel == WarningLevel.None ? "" : $"; {from.WarningNumber} still stands: lift it once {into.WarningNumber} covers it";
        unit.Db.Execute("UPDATE alerting_warnings SET incident_id = @p0, incident_number = @p2, version = version + 1, updated_at = @p3 WHERE incident_id = @p1", into.Id, from.Id, into.Number, unit.Now);
        unit.Db.Execute("UPDATE alerting_incidents SET warning_id = @p1 WHERE id = @p0", into.Id, warning);
        unit.Db.Execute("UPDATE alerting_incidents SET warning_id = NULL WHERE id = @p0", from.Id);
        WarningTable.Tell(unit, warning);
        return ", " + from.WarningNumber;
    }
}
