using Beacon.Alerting.Alerts;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>Closes the alerts of an incident with it.</summary>
internal static class AlertClosing
{
    public static void CloseAll(AlertingTransaction unit, long id, Actor actor, string reason)
    {
        foreach (var alert in unit.Db.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 AND status <> 3", AlertRow.Read, id))
        {
            var before = alert.State;
            alert.Status = AlertStatus.Closed;
            if (alert.Disposition == Disposition.Undetermined) alert.Disposition = Disposition.TruePositive;
            AlertTable.Update(unit, alert);
            unit.Db.Execute(
                "INSERT INTO alerting_alert_operations(id, alert_id, action, actor, reason, at, before_state, undone) VALUES (@p0,@p1,'close',@p2,@p3,@p4,@p5,0)",
                unit.Next("alert-operation"), alert.Id, actor.Name, Text.Cut(reason, 2_000), unit.Now, System.Text.Json.JsonSerializer.Serialize(before, DocumentJson.Default.AlertState));
        }
    }
}
