using System.Data.Common;
using System.Text;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts;

/// <summary>
/// Makes alerts of detections. A batch is grouped in memory first, so that its cost grows with the number of groups, not of
/// detections; one rule opens at most <see cref="AlertingOptions.AlertsPerRule"/> alerts a window, the rest is one line.
/// </summary>
internal sealed partial class AlertIntake(
    AlertingDatabase database, EntityKeys keys, IncidentCorrelator correlator, WarningDesk warnings, ExceptionFilter exceptions, RiskBook risk, IOptions<AlertingOptions> options,
    AlertingMetrics metrics, TimeProvider time, ILogger<AlertIntake> log) : IDetectionSink
{
    /// <summary>Detections of a rule beyond its ceiling are about this.</summary>
    internal static readonly Entity Many = new(EntityKind.Other, "many entities");

    private const int IdsPerStatement = 250;

    public async Task CommitAsync(IReadOnlyList<Detection> detections, Action<DbTransaction>? also, CancellationToken cancellation)
    {
        if (detections.Count == 0 && also is null) return;
        var started = time.GetTimestamp();
        var taken = await database.WriteAsync(unit =>
        {
            var fresh = Remember(unit, detections);
            var shown = fresh.Count == 0 ? fresh : exceptions.Sift(unit, fresh);
            var count = shown.Count == 0 ? default : Take(unit, shown);
            also?.Invoke(unit.Db);
            return (Fresh: fresh.Count, Opened: count, Hidden: fresh.Count - shown.Count);
        }, cancellation).ConfigureAwait(false);
        metrics.Taken(detections.Count, taken.Fresh, taken.Opened, taken.Hidden);
        if (detections.Count == 0) return;
        metrics.CommitTook(time.GetElapsedTime(started));
        metrics.Delay(time.GetUtcNow() - detections.Max(d => d.Received));
        if (taken.Opened > 0) LogTaken(log, taken.Fresh, taken.Opened, detections.Count - taken.Fresh);
    }

    private int Take(AlertingTransaction unit, List<Detection> fresh)
    {
        correlator.Begin();
        var settings = options.Value;
        var current = new Dictionary<(string Rule, string Key), AlertGroup>();
        var groups = new List<AlertGroup>();
        var openOfRule = new Dictionary<string, long>();
        foreach (var detection in fresh.OrderBy(d => d.Time))
        {
            var entityKey = keys.KeyOf(detection.Entity);
            if (!current.TryGetValue((detection.RuleId, entityKey), out var group) || !group.Spans(detection.Time, settings.GroupingWindow))
            {
                group = Existing(unit, detection, entityKey, settings) ?? Opened(unit, detection, entityKey, openOfRule, current, groups, settings);
                if (group.List()) groups.Add(group);
                current[(detection.RuleId, entityKey)] = group;
            }
            group.Add(detection);
        }
        foreach (var group in groups) Write(unit, group);
        correlator.Settle(unit, warnings);
        return groups.Count(g => g.IsNew);
    }

    private AlertGroup? Existing(AlertingTransaction unit, Detection d, string entityKey, AlertingOptions settings) =>
        AlertTable.FindOpen(unit.Db, d.RuleId, entityKey, d.Time, settings.GroupingWindow) is { } row
            ? new AlertGroup(row, isNew: false, keys, settings.EvidencePerAlert) : null;

    private AlertGroup Opened(
        AlertingTransaction unit, Detection d, string entityKey, Dictionary<string, long> openOfRule,
        Dictionary<(string, string), AlertGroup> current, List<AlertGroup> groups, AlertingOptions settings)
    {
        if (!openOfRule.TryGetValue(d.RuleId, out var open))
            open = unit.Db.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE rule_id = @p0 AND status <> 3 AND last_seen >= @p1", d.RuleId, d.Time - settings.GroupingWindow);
        if (open >= settings.AlertsPerRule)
        {
            openOfRule[d.RuleId] = open;
            var manyKey = keys.KeyOf(Many);
            if (current.TryGetValue((d.RuleId, manyKey), out var many) && many.Spans(d.Time, settings.GroupingWindow)) return many;
            many = Existing(unit, d with { Entity = Many }, manyKey, settings) ?? New(unit, d, Many, manyKey, settings);
            current[(d.RuleId, manyKey)] = many;
            if (many.List()) groups.Add(many);
            return many;
        }
        openOfRule[d.RuleId] = open + 1;
        return New(unit, d, d.Entity, entityKey, settings);
    }

    private AlertGroup New(AlertingTransaction unit, Detection d, Entity entity, string entityKey, AlertingOptions settings)
    {
        var asset = keys.AssetOf(entity);
        var title = entity == Many ? Text.Cut($"{d.RuleTitle}: about more than {settings.AlertsPerRule} hosts, users or addresses", AlertTitle.MaxLength) : AlertTitle.Of(d, keys);
        var row = new AlertRow
        {
            Id = unit.Next("alert"), Version = 1, RuleId = d.RuleId, RuleTitle = Text.Cut(d.RuleTitle, 300), RuleKind = d.RuleKind,
            RuleDescription = Text.Cut(d.RuleDescription, 4_000), FalsePositives = Bounded(d.FalsePositives), Tags = Bounded(d.Tags),
            Entity = entity, EntityKey = entityKey, Title = title, Severity = d.Severity, Confidence = ConfidenceOf(unit, d.RuleId),
            FirstSeen = d.Time, LastSeen = d.Time, FirstReceived = d.Received, LastReceived = d.Received, CreatedAt = unit.Now, UpdatedAt = unit.Now,
            AssetId = asset?.Id, AssetName = asset?.Name, Importance = asset?.Importance ?? AssetImportance.General,
        };
        return new AlertGroup(row, isNew: true, keys, settings.EvidencePerAlert);
    }

    private void Write(AlertingTransaction unit, AlertGroup group)
    {
        var row = group.Row;
        row.AgePoints = UrgencyScore.AgePoints(unit.Now - row.LastSeen);
        var novel = group.WriteEntities(unit);
        group.WriteEvidence(unit);
        if (group.IsNew || group.SeverityRose) risk.Give(unit, row, group.Entities);
        row.RiskPoints = UrgencyScore.RiskPoints(risk.Others(unit.Db, row, unit.Now));
        if (group.IsNew || group.SeverityRose || novel || row.IncidentId is not null) correlator.Consider(unit, row, group.Entities, group.SeverityRose);
        if (group.IsNew) AlertTable.Insert(unit, row);
        else AlertTable.Update(unit, row);
    }

    /// <summary>Keeps the ids and answers those detections that were not known.</summary>
    private static List<Detection> Remember(AlertingTransaction unit, IReadOnlyList<Detection> detections)
    {
        var fresh = new List<Detection>(detections.Count);
        var chunk = new Dictionary<string, Detection>(IdsPerStatement);
        for (var i = 0; i < detections.Count; i++)
        {
            chunk.TryAdd(IdOf(detections[i].Id), detections[i]);
            if (chunk.Count < IdsPerStatement && i < detections.Count - 1) continue;
            var values = new object?[chunk.Count + 1];
            values[0] = unit.Now;
            var sql = new StringBuilder("INSERT INTO alerting_seen(at, id) VALUES ");
            var n = 1;
            foreach (var id in chunk.Keys)
            {
                sql.Append(n == 1 ? "" : ",").Append("(@p0,@p").Append(n).Append(')');
                values[n++] = id;
            }
            sql.Append(" ON CONFLICT(id) DO NOTHING RETURNING id");
            var kept = unit.Db.Query(sql.ToString(), r => r.GetString(0), values).ToHashSet(StringComparer.Ordinal);
            fresh.AddRange(chunk.Where(c => kept.Contains(c.Key)).Select(c => c.Value));
            chunk.Clear();
        }
        return fresh;
    }

    private static string IdOf(DetectionId id) => id.Value.Length <= 200
        ? id.Value
        : "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)));

    private static int ConfidenceOf(AlertingTransaction unit, string ruleId)
    {
        var ended = unit.Db.Query(
            "SELECT disposition FROM (SELECT disposition, last_seen FROM alerting_alerts WHERE rule_id = @p0 AND status = 3 ORDER BY last_seen DESC LIMIT 200) AS recent",
            r => (Disposition)r.GetInt32(0), ruleId);
        return UrgencyScore.Confidence(
            ended.Count(d => d == Disposition.TruePositive), ended.Count(d => d == Disposition.Benign), ended.Count(d => d == Disposition.FalsePositive));
    }

    private static string[] Bounded(IReadOnlyList<string> values) => [.. values.Take(50).Select(v => Text.Cut(v, 300))];

    [LoggerMessage(3001, LogLevel.Debug, "took {Fresh} detections, opened {Opened} alerts, {Known} known before")]
    private static partial void LogTaken(ILogger logger, int fresh, int opened, int known);
}
