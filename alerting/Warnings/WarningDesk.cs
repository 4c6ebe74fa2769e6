using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Alerting.Warnings;

/// <summary>Grades an incident and drafts, issues or raises its warning. A level never falls here: only a person lowers one.</summary>
internal sealed partial class WarningDesk(
    WarningMatrices matrices, WarningDescriber describer, Spread spread, IPlaybookLibrary playbooks, AlertingMetrics metrics, ILogger<WarningDesk> log)
{
    /// <summary>Marking of warnings until a person chooses another (TLP 2.0).</summary>
    public const string DefaultTlp = "TLP:AMBER";

    private const int MaxAlerts = 500;

    /// <summary>Alerts closed as benign, false, duplicate or drill do not count.</summary>
    public void Grade(AlertingTransaction unit, long incidentId)
    {
        var alerts = unit.Db.Query(
            $"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 AND severity >= 2 AND (status <> 3 OR disposition IN (0, 1)) ORDER BY severity DESC, last_seen DESC LIMIT {MaxAlerts}", AlertRow.Read, incidentId)
            .OrderBy(a => a.FirstSeen).ThenBy(a => a.Id).ToList();
        if (alerts.Count == 0) return;
        var matrix = matrices.Current(unit.Db);
        var (damage, damageReason) = DamageRule.Grade([.. alerts.Select(a => new GradedAlert(a.Severity, [.. Attack.TacticsOf(a.Tags)], a.AssetId, a.Importance))]);
        var importance = alerts.Max(a => a.Importance);
        var cell = matrix.LevelOf(importance, damage);
        var spreads = spread.ReasonOf(unit, alerts, matrix.Spread);
        var level = spreads.Length > 0 ? matrix.Spread!.From(cell) : cell;
        var known = WarningTable.OfIncident(unit.Db, incidentId);
        if (known is null && level == WarningLevel.None) return;
        // A lifted warning rests until something graver than it was comes.
        if (known is { Summary.State: WarningState.Lifted } lifted && level <= lifted.Summary.Level) return;

        var body = describer.Describe(unit, incidentId, alerts, alerts.Count < MaxAlerts, importance, damage, damageReason, matrix.Version, level, known?.Body);
        var (category, title) = WarningDescriber.TitleOf(alerts, body.Stages);
        if (body.CategoryByHand) category = known!.Value.Summary.Category;
        var clause = ClauseOf(importance, damage, cell, matrix.Version) + (level > cell ? $"; spread rule: {spreads}, so {Words.Level(level)}" : "");
        var techniques = alerts.SelectMany(a => Attack.TechniquesOf(a.Tags)).Distinct().ToList();
        var playbook = playbooks.Offer(new PlaybookNeed(techniques, category, [.. alerts.Select(a => a.RuleId).Concat(alerts.Select(a => a.RuleKind)).Distinct()])) is [var best, ..] ? best.Playbook.Id : null;
        if (body.PlaybookByHand) playbook = known!.Value.Summary.PlaybookId;

        if (known is null || known.Value.Summary.State == WarningState.Lifted) Draft(unit, incidentId, matrix, level, clause, category, title, alerts[0].FirstSeen, playbook, body);
        else Raise(unit, known.Value.Summary, known.Value.Body, matrix, level, clause, category, title, alerts[0].FirstSeen, playbook, body);
    }

    private void Draft(
        AlertingTransaction unit, long incidentId, WarningMatrix matrix, WarningLevel level, string clause, string category, string title,
        DateTimeOffset started, string? playbook, WarningBody body)
    {
        var force = InForce(matrix, level);
        var issued = force != WarningLevel.None;
        var waits = issued && force < level;
        var warning = new WarningSummary
        {
            Id = unit.Next("warning"), Number = unit.NextNumber("W"), Version = 1, State = issued ? WarningState.Issued : WarningState.Draft, Level = issued ? force : level,
            Clause = clause, Category = category, Title = title, StartedAt = started, CreatedAt = unit.Now, UpdatedAt = unit.Now,
            IssuedAt = issued ? unit.Now : null, Issuer = issued ? Actor.SystemName : null,
            ProposedLevel = waits ? level : null, ProposedBy = waits ? Actor.SystemName : null, ProposedAt = waits ? unit.Now : null,
            RaisedAt = issued ? unit.Now : null, IncidentId = incidentId, IncidentNumber = unit.Db.Scalar<string>("SELECT number FROM alerting_incidents WHERE id = @p0", incidentId),
            Tlp = DefaultTlp, PlaybookId = playbook, Acknowledgements = 0,
        };
        WarningTable.Insert(unit, warning, body);
        unit.Db.Execute("UPDATE alerting_incidents SET warning_id = @p1 WHERE id = @p0", incidentId, warning.Id);
        WarningTable.Step(unit, warning.Id, "draft", Actor.System, clause, WarningLevel.None, warning.Level);
        if (issued) WarningTable.Step(unit, warning.Id, "issue", Actor.System, clause, WarningLevel.None, warning.Level);
        if (issued)
        {
            WarningReminders.Begin(unit, warning.Id, matrix.PolicyOf(warning.Level));
            WarningNotices.Issued(unit, warning, body, matrix.PolicyOf(warning.Level));
        }
        else WarningNotices.SignatureWanted(unit, warning, matrix.PolicyOf(level), level, Actor.SystemName);
        Moved(unit, warning, issued ? "issued" : "drafted", $"Warning {warning.Number} {(issued ? "issued" : "drafted")}, {Words.Level(warning.Level)}: {clause}");
        if (waits) Propose(unit, matrix, warning, warning.Level, level);
    }

    private void Raise(
        AlertingTransaction unit, WarningSummary warning, WarningBody before, WarningMatrix matrix, WarningLevel level, string clause, string category, string title,
        DateTimeOffset started, string? playbook, WarningBody body)
    {
        var next = warning with { StartedAt = started < warning.StartedAt ? started : warning.StartedAt, PlaybookId = playbook ?? warning.PlaybookId, Title = title, Category = category };
        // The same level on better grounds: the clause says the better ones, unless a person's words stand there.
        if (level == warning.Level && warning.Clause.StartsWith("clause ", StringComparison.Ordinal)) next = next with { Clause = clause };
        var graded = before.Graded ?? matrix.LevelOf(before.Importance, before.Damage);
        // What a person lowered or refused comes again only with new evidence.
        var known = level == graded && body.AlertIds.Count <= before.AlertIds.Count;
        if (level < graded) body = body with { Importance = before.Importance, Damage = before.Damage, DamageReason = before.DamageReason, MatrixVersion = before.MatrixVersion, Graded = graded };
        if (level <= warning.Level || level <= warning.ProposedLevel || known)
        {
            if (next == warning && SameEvidence(before, body)) return;
            WarningTable.Update(unit, next, body);
            return;
        }
        var force = InForce(matrix, level);
        if (force > warning.Level || (force != WarningLevel.None && warning.State == WarningState.Draft))
        {
            var first = warning.State == WarningState.Draft;
            next = next with
            {
                Level = force, Clause = clause, State = first ? WarningState.Issued : WarningState.Adjusted, IssuedAt = warning.IssuedAt ?? unit.Now,
                Issuer = warning.Issuer ?? Actor.SystemName, ProposedLevel = null, ProposedBy = null, ProposedAt = null, RaisedAt = unit.Now,
            };
            WarningReminders.Begin(unit, warning.Id, matrix.PolicyOf(force));
            if (first) WarningNotices.Issued(unit, next, body, matrix.PolicyOf(force));
            else WarningNotices.Changed(unit, next, body, matrix.PolicyOf(force), warning.Level);
            WarningTable.Step(unit, warning.Id, first ? "issue" : "adjust", Actor.System, clause, warning.Level, force);
            Moved(unit, next, "raised", $"Warning {warning.Number} rose from {Words.Level(warning.Level)} to {Words.Level(force)}: {clause}");
        }
        else if (warning.State == WarningState.Draft)
        {
            next = next with { Level = level, Clause = clause };
            WarningTable.Step(unit, warning.Id, "draft", Actor.System, clause, warning.Level, level);
        }
        if (next.State != WarningState.Draft && force < level)
        {
            next = next with { ProposedLevel = level, ProposedBy = Actor.SystemName, ProposedAt = unit.Now };
            Propose(unit, matrix, next, next.Level, level);
        }
        WarningTable.Update(unit, next, body);
    }

    /// <summary>The level itself where Beacon may issue it, else the gravest below it that it may: people are warned while one decides.</summary>
    private static WarningLevel InForce(WarningMatrix matrix, WarningLevel level)
    {
        for (; level > WarningLevel.None; level--) if (matrix.PolicyOf(level).Automatic) return level;
        return WarningLevel.None;
    }

    private void Propose(AlertingTransaction unit, WarningMatrix matrix, WarningSummary warning, WarningLevel from, WarningLevel to)
    {
        WarningTable.Step(unit, warning.Id, "propose", Actor.System, warning.Clause, from, to);
        WarningNotices.SignatureWanted(unit, warning, matrix.PolicyOf(to), to, Actor.SystemName);
        Moved(unit, warning, "proposed", $"{Words.Level(to)} proposed for warning {warning.Number}: a person must issue it");
    }

    private void Moved(AlertingTransaction unit, WarningSummary warning, string action, string text)
    {
        metrics.WarningMoved(action);
        Tell(unit, warning, text);
        LogMoved(log, warning.Number, action, warning.ProposedLevel ?? warning.Level, warning.Clause);
    }

    /// <summary>Row and column of the matrix, rows from especially important down, columns from especially serious on.</summary>
    internal static string ClauseOf(AssetImportance importance, DamageGrade damage, WarningLevel level, int version) =>
        $"clause {3 - (int)importance}.{4 - (int)damage} of matrix {version}: {Words.Importance(importance)} object × {Words.Damage(damage)} damage → {Words.Level(level)}";

    private static void Tell(AlertingTransaction unit, WarningSummary warning, string text)
    {
        if (warning.IncidentId is { } incident) Timeline.Append(unit, incident, unit.Now, TimelineKind.Warning, Actor.SystemName, text, $"warning:{warning.Id}");
    }

    private static bool SameEvidence(WarningBody a, WarningBody b) => a.WhatHappened == b.WhatHappened && a.Damage == b.Damage && a.Importance == b.Importance
        && a.AlertIds.SequenceEqual(b.AlertIds) && a.Assets.SequenceEqual(b.Assets) && a.Stages.SequenceEqual(b.Stages)
        && (a.Exposed ?? []).Select(e => e.Id).SequenceEqual((b.Exposed ?? []).Select(e => e.Id));

    [LoggerMessage(3101, LogLevel.Information, "warning {Number} {Action}, {Level}: {Clause}")]
    private static partial void LogMoved(ILogger logger, string number, string action, WarningLevel level, string clause);
}
