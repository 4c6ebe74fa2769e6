using System.Text.Json;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts.Exceptions;

internal sealed class ExceptionService(AlertingDatabase database, AlertReader reader, IOptions<AlertingOptions> options, TimeProvider time) : IExceptionService
{
    private static readonly TimeSpan Proposed = TimeSpan.FromDays(30);

    public Task<IReadOnlyList<ExceptionEntry>> ListAsync(string? ruleId = null, bool activeOnly = false, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<ExceptionEntry>>(c =>
    {
        var now = time.GetUtcNow();
        return c.Query(
            $"""
            {ExceptionTable.Select} WHERE (CAST(@p0 AS TEXT) IS NULL OR rule_id IS NULL OR rule_id = @p0) AND (@p1 = 0 OR (ended_at IS NULL AND expires_at > @p2))
            ORDER BY CASE WHEN ended_at IS NULL AND expires_at > @p2 THEN 0 ELSE 1 END, expires_at, id LIMIT 1000
            """, r => ExceptionTable.Read(r, now), ruleId, activeOnly, now);
    }, cancellation);

    public Task<ExceptionEntry?> FindAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c => ExceptionTable.Find(c, id, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<HiddenDetection>> HiddenAsync(long? id = null, int limit = 100, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<HiddenDetection>>(c => c.Query(
        """
        SELECT exception_id, ordinal, detection_id, rule_id, rule_title, severity, entity_kind, entity, at, hidden_at, summary, event_id FROM alerting_hidden
        WHERE (CAST(@p0 AS BIGINT) IS NULL OR exception_id = @p0) ORDER BY hidden_at DESC, exception_id, ordinal DESC LIMIT @p1
        """,
        r => new HiddenDetection(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), (Severity)r.GetInt32(5), new Entity((EntityKind)r.GetInt32(6), r.GetString(7)), r.Instant(8), r.Instant(9), r.GetString(10), r.TextOrNull(11)),
        id, Math.Clamp(limit, 1, 500)), cancellation);

    public Task<Outcome<ExceptionEntry>> CreateAsync(ExceptionDraft draft, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        ExceptionCheck.Must(draft, unit.Now);
        var most = options.Value.Exceptions.MostActive;
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_exceptions WHERE ended_at IS NULL AND expires_at > @p0", unit.Now) >= most)
            throw RefusedException.Invalid($"there are {most} exceptions already (Alerting:Exceptions:MostActive): end some first");
        var entry = Of(unit, draft, unit.Next("exception"), 1, actor.Name, unit.Now);
        ExceptionTable.Save(unit, entry);
        unit.Record(actor, "exception.create", $"exception:{entry.Id}", "", Words(entry), entry.Reason);
        return entry;
    }, cancellation);

    public Task<Outcome<ExceptionEntry>> ChangeAsync(long id, int version, ExceptionDraft draft, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var before = Checked(unit, id, version);
        if (!before.Active) throw RefusedException.Invalid("it is over: make another one");
        ExceptionCheck.Must(draft, unit.Now);
        var entry = Of(unit, draft with { StartsAt = draft.StartsAt ?? before.StartsAt }, id, version + 1, before.CreatedBy, before.CreatedAt) with { Hidden = before.Hidden, LastHidden = before.LastHidden };
        ExceptionTable.Save(unit, entry);
        unit.Record(actor, "exception.change", $"exception:{id}", Words(before), Words(entry), entry.Reason);
        return entry;
    }, cancellation);

    public Task<Outcome<ExceptionEntry>> EndAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        var before = Checked(unit, id, version);
        if (!before.Active) throw RefusedException.Invalid("it is over already");
        var entry = before with { Version = version + 1, EndedAt = unit.Now, EndedBy = actor.Name, Active = false };
        ExceptionTable.Save(unit, entry);
        unit.Record(actor, "exception.end", $"exception:{id}", Words(before), "ended", Text.Cut(reason.Trim(), IAlertService.MaxReasonLength));
        return entry;
    }, cancellation);

    public Task<ExceptionDraft?> ProposeAsync(long alertId, Actor actor, CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        if (reader.Find(c, alertId, time.GetUtcNow()) is not { } alert) return null;
        var conditions = new List<ExceptionCondition>();
        if (alert.Summary.Entity.Kind != EntityKind.Other) conditions.Add(new("entity", ConditionOperator.Equal, [alert.Summary.Entity.Value]));
        // What differs from one piece of evidence to the next is not what made them alike.
        conditions.AddRange(alert.Evidence.SelectMany(e => e.Matched.Select(m => (m.Field, m.Value)).Distinct()).GroupBy(m => m)
            .Where(g => g.Count() == alert.Evidence.Count && g.Key.Value.Length is > 0 and <= ExceptionCheck.MaxValueLength && g.Key.Field.Length > 0)
            .Select(g => new ExceptionCondition(g.Key.Field, ConditionOperator.Equal, [g.Key.Value])).DistinctBy(x => x.Field).Take(ExceptionCheck.MaxConditions - 1));
        var reason = alert.Operations.LastOrDefault(o => o.Action == "dismiss" && !o.Undone)?.Reason ?? "";
        return new ExceptionDraft(ExceptionKind.Exception, alert.Summary.RuleId, conditions, actor.Name, Text.Cut(reason.Length > 0 ? $"{alert.Summary.Number}: {reason}" : alert.Summary.Number, IAlertService.MaxReasonLength), null, time.GetUtcNow() + Proposed);
    }, cancellation);

    private static ExceptionEntry Of(AlertingTransaction unit, ExceptionDraft d, long id, int version, string by, DateTimeOffset at) => new()
    {
        Id = id, Version = version, Kind = d.Kind, RuleId = d.RuleId, Conditions = d.Conditions, Owner = d.Owner.Trim(), Reason = d.Reason.Trim(), CreatedBy = by, CreatedAt = at,
        StartsAt = d.StartsAt ?? unit.Now, ExpiresAt = d.ExpiresAt, Hidden = 0, Active = true,
    };

    private static ExceptionEntry Checked(AlertingTransaction unit, long id, int version)
    {
        var entry = ExceptionTable.Find(unit.Db, id, unit.Now) ?? throw RefusedException.NotFound("there is no such exception");
        return entry.Version == version ? entry : throw RefusedException.Conflict($"the exception changed meanwhile: it is at version {entry.Version}, you saw {version}");
    }

    private static string Words(ExceptionEntry e) => JsonSerializer.Serialize(e, ExceptionJson.Default.ExceptionEntry);
}
