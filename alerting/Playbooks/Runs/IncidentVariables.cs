using System.Data.Common;
using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>Values that a run takes from its incident where the playbook declares the name and gives no value.</summary>
internal static class IncidentVariables
{
    public static Dictionary<string, string> Of(DbTransaction t, long incidentId, string number, string title)
    {
        var values = new Dictionary<string, string> { ["__incident_number__"] = number, ["__incident_title__"] = title };
        var lead = t.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 ORDER BY severity DESC, last_seen DESC LIMIT 1", AlertRow.Read, incidentId).FirstOrDefault();
        var entities = t.Query(
            "SELECT entity_kind, entity, asset_id, entity_key FROM alerting_incident_entities WHERE incident_id = @p0 ORDER BY first_seen LIMIT 200",
            r => (Kind: (EntityKind)r.GetInt32(0), Name: r.GetString(1), Known: !r.IsDBNull(2), Key: r.GetString(3)), incidentId);
        void Give(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) values[name] = value;
        }
        Give("__affected_host__", lead?.AssetName ?? lead?.Entity.Value);
        Give("__attacker_address__", entities.FirstOrDefault(e => e.Kind == EntityKind.Address && !e.Known).Name);
        Give("__affected_account__", entities.LastOrDefault(e => e.Kind == EntityKind.User).Name);
        if (lead is null) return values;
        var named = t.Query("SELECT entity_key FROM alerting_alert_entities WHERE alert_id = @p0 AND entity_key <> @p1 AND entity_kind IN (0, 2)", r => r.GetString(0), lead.Id, lead.EntityKey);
        Give("__origin_host__", entities.FirstOrDefault(e => named.Contains(e.Key) && e.Known).Name ?? entities.FirstOrDefault(e => named.Contains(e.Key)).Name);
        return values;
    }
}
