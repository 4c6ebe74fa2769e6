using System.Globalization;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Reads one warning with everything a page shows of it.</summary>
internal sealed class WarningReader(AlertingDatabase database, WarningMatrices matrices, IPeople people)
{
    private const int MaxEvidence = 200;

    public async Task<WarningDetail?> FindAsync(long id, CancellationToken cancellation)
    {
        var matrix = await matrices.CurrentAsync(cancellation).ConfigureAwait(false);
        var read = await database.ReadAsync(c => Read(c, id), cancellation).ConfigureAwait(false);
        if (read is not var (detail, acknowledged, remind)) return null;
        var policy = matrix.PolicyOf(detail.Summary.Level);
        if (detail.Summary.State is not (WarningState.Issued or WarningState.Adjusted) || policy.AcknowledgedBy is not { Count: > 0 } roles) return detail;
        var raised = detail.Summary.RaisedAt ?? detail.Summary.CreatedAt;
        var missing = WarningReminders.Missing(policy, raised, acknowledged);
        var awaited = new List<AwaitedRole>();
        foreach (var role in roles)
        {
            var names = await people.HoldingAsync(role, cancellation).ConfigureAwait(false);
            awaited.Add(new AwaitedRole(role, !missing.Contains(role), [.. names.Where(n => !acknowledged.Exists(a => a.At >= raised && string.Equals(a.Actor.Name, n, StringComparison.OrdinalIgnoreCase)))], missing.Contains(role) ? remind : null));
        }
        return detail with { Awaited = awaited };
    }

    private static (WarningDetail Detail, List<(Actor Actor, DateTimeOffset At)> Acknowledged, DateTimeOffset? Remind)? Read(System.Data.Common.DbConnection c, long id)
    {
        if (WarningTable.Find(c, id) is not { } found) return null;
        var (summary, body) = found;
        var acknowledged = WarningTable.Acknowledged(c, id);
        var exposed = body.Exposed ?? [];
        var raised = summary.RaisedAt ?? summary.IssuedAt ?? summary.CreatedAt;
        return (new WarningDetail
        {
            Summary = summary, WhatHappened = body.WhatHappened, Importance = body.Importance, Damage = body.Damage, DamageReason = body.DamageReason,
            MatrixVersion = body.MatrixVersion, Assets = body.Assets, Sectors = body.Sectors, Organisations = body.Organisations, Stages = body.Stages,
            AlertIds = body.AlertIds, Advice = body.Advice, Authority = body.Authority ?? "", Outlook = body.Outlook ?? [], Exposed = exposed, Awaited = [],
            LikelySectors = [.. exposed.Select(e => e.Sector).Where(s => s.Length > 0).Distinct().Except(body.Sectors).Order()],
            LikelyOrganisations = [.. exposed.Select(e => e.Organisation).Where(o => o.Length > 0).Distinct().Except(body.Organisations).Order()],
            Evidence = Evidence(c, body.AlertIds),
            Steps = c.Query("SELECT id, action, actor, reason, at, from_level, to_level FROM alerting_warning_steps WHERE warning_id = @p0 ORDER BY id LIMIT 1000",
                r => new WarningStep(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Instant(4), (WarningLevel)r.GetInt32(5), (WarningLevel)r.GetInt32(6)), id),
            Acknowledgements = [.. acknowledged.Select(a => new WarningAcknowledgement(a.Actor.Name, a.At, a.At - (a.At >= raised ? raised : summary.IssuedAt ?? summary.CreatedAt), a.At >= raised))],
        }, acknowledged, c.Query("SELECT remind_at FROM alerting_warnings WHERE id = @p0", r => r.InstantOrNull(0), id)[0]);
    }

    private static List<WarningEvidence> Evidence(System.Data.Common.DbConnection c, IReadOnlyList<long> alertIds)
    {
        if (alertIds.Count == 0) return [];
        var ids = string.Join(',', alertIds.TakeLast(MaxEvidence).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return c.Query($"SELECT id, title, rule_title, severity, first_seen, detections FROM alerting_alerts WHERE id IN ({ids}) ORDER BY last_seen DESC",
            r => new WarningEvidence(r.GetInt64(0), string.Create(CultureInfo.InvariantCulture, $"A-{r.GetInt64(0)}"), r.GetString(1), r.GetString(2), (Severity)r.GetInt32(3), r.Instant(4), r.GetInt64(5)));
    }
}
