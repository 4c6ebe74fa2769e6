using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Beacon.Alerting.Alerts.Search;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Queries over alerts.</summary>
internal sealed class AlertReader(EntityKeys keys, AdviceBook advice)
{
    public static AlertPage List(DbConnection c, AlertQuery query, DateTimeOffset now)
    {
        var where = new StringBuilder("1=1");
        var values = new List<object?>();
        string P(object? value)
        {
            values.Add(value);
            return "@p" + (values.Count - 1).ToString(CultureInfo.InvariantCulture);
        }
        // "status <> 3" stands wherever it holds, in just these words: only so are the indices of open alerts used.
        var open = query.Statuses is not { Count: > 0 } asked || !asked.Contains(AlertStatus.Closed);
        if (open) where.Append(" AND status <> 3");
        if (query.Statuses is { Count: > 0 } statuses && !(open && statuses.Distinct().Count() == 3))
            where.Append(" AND status IN (").AppendJoin(',', statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture))).Append(')');
        switch (query.Band)
        {
            case UrgencyBand.ActNow: where.Append(CultureInfo.InvariantCulture, $" AND score >= {Urgency.ActNowFrom}"); break;
            case UrgencyBand.ThisHour: where.Append(CultureInfo.InvariantCulture, $" AND score >= {Urgency.ThisHourFrom} AND score < {Urgency.ActNowFrom}"); break;
            case UrgencyBand.ThisShift: where.Append(CultureInfo.InvariantCulture, $" AND score < {Urgency.ThisHourFrom}"); break;
        }
        if (query.AtLeast is { } severity) where.Append(" AND severity >= ").Append(P(severity));
        if (query.Owner is { } owner) where.Append(owner.Length == 0 ? " AND owner IS NULL" : " AND owner = " + P(owner));
        if (query.RuleId is { } rule) where.Append(" AND rule_id = ").Append(P(rule));
        if (query.Entity is { } entity) where.Append(" AND lower(entity) = ").Append(P(entity.Value.ToLowerInvariant())).Append(" AND entity_kind = ").Append(P(entity.Kind));
        if (query.AssetId is { } asset) where.Append(" AND asset_id = ").Append(P(asset));
        if (query.IncidentId is { } incident) where.Append(" AND incident_id = ").Append(P(incident));
        if (query.Since is { } since) where.Append(" AND last_seen >= ").Append(P(since));
        if (!string.IsNullOrWhiteSpace(query.Text)) return new AlertSearch(c, query, now).List(where, values);
        // Few are shelved: counting all and taking those away reads nothing but an index.
        var all = query.Shelved == true ? 0 : c.Scalar<long>($"SELECT count(*) FROM alerting_alerts WHERE {where}", values.ToArray());
        var instant = P(now);
        var away = query.Shelved is null ? 0 : c.Scalar<long>($"SELECT count(*) FROM alerting_alerts WHERE {Ordered(where)} AND shelved_until IS NOT NULL AND shelved_until > {instant}", values.ToArray());
        var total = query.Shelved == true ? away : all - away;
        if (query.Shelved is { } shelved) where.Append(shelved ? " AND shelved_until IS NOT NULL AND shelved_until > " : " AND (shelved_until IS NULL OR shelved_until <= ").Append(instant).Append(shelved ? "" : ")");
        var order = query.Order == AlertOrder.Newest ? "last_seen DESC, id DESC" : "score DESC, last_seen DESC, id DESC";
        var limit = P(Math.Clamp(query.Limit, 1, AlertQuery.MaxLimit));
        var offset = P(Math.Max(0, query.Offset));
        var rows = c.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE {Ordered(where)} ORDER BY {order} LIMIT {limit} OFFSET {offset}", AlertRow.Read, values.ToArray());
        return new AlertPage([.. rows.Select(r => r.Summarise(now))], total);
    }

    // The plus keeps SQLite from reading or sorting all rows of a severity where the index of the order, or of what is shelved, answers sooner. PostgreSQL reads over it.
    public static string Ordered(StringBuilder where) => where.ToString().Replace(" AND severity >= ", " AND +severity >= ", StringComparison.Ordinal);

    public AlertDetail? Find(DbConnection c, long id, DateTimeOffset now)
    {
        if (AlertTable.Find(c, id) is not { } row) return null;
        var evidence = c.Query("SELECT ordinal, detection FROM alerting_evidence WHERE alert_id = @p0 ORDER BY ordinal",
            r => JsonSerializer.Deserialize(r.GetString(1), AlertingJson.Default.AlertEvidence)!, id);
        if (evidence.Count > 2) evidence.Reverse(1, evidence.Count - 1);
        var operations = c.Query(
            "SELECT id, action, actor, reason, at, undone FROM alerting_alert_operations WHERE alert_id = @p0 ORDER BY id DESC LIMIT 200",
            r => new AlertOperation(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Instant(4), r.GetInt32(5) != 0), id);
        operations.Reverse();
        return new AlertDetail
        {
            Summary = row.Summarise(now), RuleDescription = row.RuleDescription, FalsePositives = row.FalsePositives, Evidence = evidence,
            Related = c.Query("SELECT entity_kind, entity FROM alerting_alert_entities WHERE alert_id = @p0 ORDER BY entity_kind, entity", r => new Entity((EntityKind)r.GetInt32(0), r.GetString(1)), id),
            Operations = operations, Asset = keys.AssetOf(row.Entity), Record = RuleRecords.Read(c, row.RuleId, 1).FirstOrDefault(), CanUndo = operations.Exists(o => !o.Undone),
            Advice = [.. advice.For(Attack.TechniquesOf(row.Tags), Attack.TacticsOf(row.Tags)).Select(a => a.Text)],
        };
    }

    public static IReadOnlyList<SimilarAlert> Similar(DbConnection c, long id, int limit, DateTimeOffset now)
    {
        if (AlertTable.Find(c, id) is not { } row) return [];
        var rows = c.Query(
            $"""
            SELECT {AlertRow.Columns} FROM alerting_alerts WHERE id <> @p0 AND id IN (
              SELECT id FROM (SELECT id FROM alerting_alerts WHERE rule_id = @p1 ORDER BY last_seen DESC LIMIT 200) AS by_rule
              UNION SELECT id FROM (SELECT id FROM alerting_alerts WHERE entity_key = @p2 ORDER BY last_seen DESC LIMIT 200) AS by_entity)
            ORDER BY CASE WHEN rule_id = @p1 THEN 0 ELSE 1 END, last_seen DESC LIMIT @p3
            """, AlertRow.Read, id, row.RuleId, row.EntityKey, limit);
        return [.. rows.Select(r =>
        {
            var ended = r.Status != AlertStatus.Closed ? [] : c.Query(
                "SELECT actor, reason FROM alerting_alert_operations WHERE alert_id = @p0 AND action IN ('dismiss', 'close') AND undone = 0 ORDER BY id DESC LIMIT 1",
                o => (Actor: o.GetString(0), Reason: o.GetString(1)), r.Id);
            return new SimilarAlert(r.Summarise(now), r.RuleId == row.RuleId, r.EntityKey == row.EntityKey,
                ended.Count == 0 ? null : ended[0].Actor, ended.Count == 0 ? null : ended[0].Reason);
        })];
    }

    /// <summary>Counts by index alone; what is shelved is few, and taken away.</summary>
    public static AlertCounts Count(DbConnection c, string? person, DateTimeOffset now)
    {
        var bySeverity = new long[5];
        long fresh = 0, actNow = 0, thisHour = 0, mine = 0;
        foreach (var (severity, status, n) in c.Query("SELECT severity, status, count(*) FROM alerting_alerts WHERE status <> 3 GROUP BY severity, status", r => (r.GetInt32(0), (AlertStatus)r.GetInt32(1), r.GetInt64(2))))
        {
            bySeverity[severity] += n;
            if (status == AlertStatus.New) fresh += n;
        }
        actNow = c.Scalar<long>($"SELECT count(*) FROM alerting_alerts WHERE status <> 3 AND score >= {Urgency.ActNowFrom}");
        thisHour = c.Scalar<long>($"SELECT count(*) FROM alerting_alerts WHERE status <> 3 AND score >= {Urgency.ThisHourFrom} AND score < {Urgency.ActNowFrom}");
        if (person is not null) mine = c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE status <> 3 AND owner IS NOT NULL AND owner = @p0", person);
        var thisShift = bySeverity.Sum() - actNow - thisHour;
        var shelved = c.Query(
            "SELECT severity, status, score, CASE WHEN owner = @p1 THEN 1 ELSE 0 END, count(*) FROM alerting_alerts WHERE shelved_until IS NOT NULL AND shelved_until > @p0 AND status <> 3 GROUP BY 1, 2, 3, 4",
            r => (Severity: r.GetInt32(0), Status: (AlertStatus)r.GetInt32(1), Score: r.GetInt32(2), Mine: r.GetInt32(3), N: r.GetInt64(4)), now, person);
        foreach (var s in shelved)
        {
            bySeverity[s.Severity] -= s.N;
            mine -= s.Mine * s.N;
            if (s.Status == AlertStatus.New) fresh -= s.N;
            if (s.Score >= Urgency.ActNowFrom) actNow -= s.N;
            else if (s.Score >= Urgency.ThisHourFrom) thisHour -= s.N;
            else thisShift -= s.N;
        }
        return new AlertCounts(bySeverity.Sum(), mine, shelved.Sum(s => s.N), actNow, thisHour, thisShift, fresh, bySeverity);
    }
}
