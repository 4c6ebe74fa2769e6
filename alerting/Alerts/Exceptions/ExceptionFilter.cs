using System.Collections.Frozen;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Takes out what exceptions hide, and keeps count: hidden detections are known, listed and counted, never lost.</summary>
internal sealed class ExceptionFilter(EntityKeys keys, IOptions<AlertingOptions> options)
{
    /// <summary>How long a suppression that is over still covers what happened within it and arrives late.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromDays(1);

    private sealed record Loaded(long Version, FrozenDictionary<string, ExceptionMatcher[]> ByRule, ExceptionMatcher[] OfAll);

    private volatile Loaded _current = new(-1, FrozenDictionary<string, ExceptionMatcher[]>.Empty, []);

    /// <summary>The detections that nothing hides, in their order.</summary>
    public List<Detection> Sift(AlertingTransaction unit, List<Detection> detections)
    {
        var loaded = Current(unit);
        if (loaded.ByRule.Count == 0 && loaded.OfAll.Length == 0) return detections;
        var shown = new List<Detection>(detections.Count);
        var hidden = new Dictionary<long, List<Detection>>();
        foreach (var d in detections)
        {
            if (Hider(loaded, d, unit.Now) is not { } by) shown.Add(d);
            else if (hidden.TryGetValue(by.Id, out var list)) list.Add(d);
            else hidden[by.Id] = [d];
        }
        foreach (var (id, list) in hidden) Keep(unit, id, list);
        return shown;
    }

    private ExceptionMatcher? Hider(Loaded loaded, Detection d, DateTimeOffset now)
    {
        if (loaded.ByRule.TryGetValue(d.RuleId, out var own))
            foreach (var matcher in own) if (matcher.Hides(d, keys, now)) return matcher;
        foreach (var matcher in loaded.OfAll) if (matcher.Hides(d, keys, now)) return matcher;
        return null;
    }

    private void Keep(AlertingTransaction unit, long id, List<Detection> list)
    {
        var keep = options.Value.Exceptions.HiddenKept;
        var before = unit.Db.Scalar<long>("SELECT hidden FROM alerting_exceptions WHERE id = @p0", id);
        var total = before + list.Count;
        unit.Db.Execute("UPDATE alerting_exceptions SET hidden = @p1, last_hidden = @p2 WHERE id = @p0", id, total, unit.Now);
        for (var i = Math.Max(0, list.Count - keep); i < list.Count; i++)
        {
            var d = list[i];
            unit.Db.Execute(
                "INSERT INTO alerting_hidden(exception_id, ordinal, detection_id, rule_id, rule_title, severity, entity_kind, entity, at, hidden_at, summary, event_id) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11)",
                id, before + i + 1, Text.Cut(d.Id.Value, 300), d.RuleId, Text.Cut(d.RuleTitle, 300), d.Severity, d.Entity.Kind, Text.Cut(d.Entity.Value, Entity.MaxLength), d.Time, unit.Now,
                Text.Cut(d.Summary, 1_000), d.Event?.Id.ToString());
        }
        unit.Db.Execute("DELETE FROM alerting_hidden WHERE exception_id = @p0 AND ordinal <= @p1", id, total - keep);
    }

    private Loaded Current(AlertingTransaction unit)
    {
        var version = unit.Db.Scalar<long>("SELECT value FROM alerting_counters WHERE name = @p0", ExceptionTable.Counter);
        if (_current.Version == version) return _current;
        var matchers = unit.Db.Query(ExceptionTable.Select + " WHERE ended_at IS NULL AND expires_at > @p0 ORDER BY id", r => ExceptionTable.Read(r, unit.Now), unit.Now - Late)
            .ConvertAll(e => new ExceptionMatcher(e.Id, new ExceptionDraft(e.Kind, e.RuleId, e.Conditions, e.Owner, e.Reason, e.StartsAt, e.ExpiresAt), e.StartsAt));
        return _current = new Loaded(version,
            matchers.Where(m => m.RuleId is not null).GroupBy(m => m.RuleId!).ToFrozenDictionary(g => g.Key, g => g.ToArray()), [.. matchers.Where(m => m.RuleId is null)]);
    }
}
