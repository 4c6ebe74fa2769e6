using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

internal sealed class WarningService(AlertingDatabase database, WarningMatrices matrices) : IWarningService
{
    public Task<IReadOnlyList<WarningSummary>> ListAsync(WarningQuery query, CancellationToken cancellation = default)
    {
        var states = query.States is { Count: > 0 } asked ? asked : [WarningState.Draft, WarningState.Issued, WarningState.Adjusted];
        var names = string.Join(',', states.Select(s => ((int)s).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return database.ReadAsync<IReadOnlyList<WarningSummary>>(c => [.. c.Query(
            $"{WarningTable.Select} WHERE state IN ({names}) AND level >= @p0 AND (CAST(@p1 AS BIGINT) IS NULL OR incident_id = @p1) ORDER BY level DESC, started_at DESC, id DESC LIMIT @p2 OFFSET @p3",
            WarningTable.Read, query.AtLeast ?? WarningLevel.None, query.IncidentId, Math.Clamp(query.Limit, 1, 500), Math.Max(0, query.Offset)).Select(w => w.Item1)], cancellation);
    }

    public Task<WarningDetail?> FindAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        if (WarningTable.Find(c, id) is not { } found) return null;
        var (summary, body) = found;
        return new WarningDetail
        {
            Summary = summary, WhatHappened = body.WhatHappened, Importance = body.Importance, Damage = body.Damage, DamageReason = body.DamageReason,
            MatrixVersion = body.MatrixVersion, Assets = body.Assets, Sectors = body.Sectors, Organisations = body.Organisations, Stages = body.Stages,
            AlertIds = body.AlertIds, Advice = body.Advice,
            Steps = c.Query("SELECT id, action, actor, reason, at, from_level, to_level FROM alerting_warning_steps WHERE warning_id = @p0 ORDER BY id LIMIT 1000",
                r => new WarningStep(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Instant(4), (WarningLevel)r.GetInt32(5), (WarningLevel)r.GetInt32(6)), id),
            Acknowledgements = c.Query("SELECT actor, at FROM alerting_warning_acknowledgements WHERE warning_id = @p0 ORDER BY at LIMIT 1000",
                r => new WarningAcknowledgement(r.GetString(0), r.Instant(1), r.Instant(1) - (summary.IssuedAt ?? summary.CreatedAt)), id),
        };
    }, cancellation);

    public Task<WarningCounts> CountAsync(CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        var standing = c.Query("SELECT level, count(*) FROM alerting_warnings WHERE state IN (1, 2) GROUP BY level", r => (Level: (WarningLevel)r.GetInt32(0), N: (int)r.GetInt64(1)))
            .ToDictionary(x => x.Level, x => x.N);
        var waiting = (int)c.Scalar<long>("SELECT count(*) FROM alerting_warnings WHERE state = 0 OR (state <> 3 AND proposed_level IS NOT NULL)");
        int Of(WarningLevel level) => standing.GetValueOrDefault(level);
        return new WarningCounts(Of(WarningLevel.Red), Of(WarningLevel.Orange), Of(WarningLevel.Yellow), Of(WarningLevel.Blue), waiting);
    }, cancellation);

    public Task<Outcome<WarningSummary>> IssueAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning) =>
    {
        if (warning.State != WarningState.Draft && warning.ProposedLevel is null) throw RefusedException.Invalid($"{warning.Number} is issued, and no other level is proposed");
        return InForce(unit, warning, warning.ProposedLevel ?? warning.Level, actor, reason);
    }, cancellation);

    public Task<Outcome<WarningSummary>> AdjustAsync(long id, int version, WarningLevel level, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning) =>
    {
        if (level == WarningLevel.None || !Enum.IsDefined(level)) throw RefusedException.Invalid("choose blue, yellow, orange or red; to end it, lift it");
        if (level == warning.Level && warning.ProposedLevel is null) throw RefusedException.Invalid($"{warning.Number} is {Words.Level(level)} already");
        if (warning.State == WarningState.Draft)
        {
            Must(unit, level, actor);
            WarningTable.Step(unit, id, "draft", actor, reason, warning.Level, level);
            return warning with { Level = level, ProposedLevel = null, ProposedBy = null, ProposedAt = null, Clause = By(actor, level, reason) };
        }
        // Signatures stand for one level: another one starts anew.
        if (level != warning.ProposedLevel) warning = warning with { ProposedLevel = null, ProposedBy = null, ProposedAt = null };
        Must(unit, warning.Level, actor);
        return InForce(unit, warning, level, actor, reason);
    }, cancellation);

    public Task<Outcome<WarningSummary>> RefuseProposalAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning) =>
    {
        if (warning.ProposedLevel is not { } proposed) throw RefusedException.Invalid($"no level is proposed for {warning.Number}");
        Must(unit, proposed, actor);
        WarningTable.Step(unit, id, "refuse", actor, reason, proposed, warning.Level);
        Tell(unit, warning, actor, $"refused {Words.Level(proposed)} for {warning.Number}: {reason}");
        return warning with { ProposedLevel = null, ProposedBy = null, ProposedAt = null };
    }, cancellation);

    public Task<Outcome<WarningSummary>> LiftAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning) =>
    {
        Must(unit, warning.Level, actor);
        WarningTable.Step(unit, id, "lift", actor, reason, warning.Level, WarningLevel.None);
        Tell(unit, warning, actor, $"lifted {warning.Number}, {Words.Level(warning.Level)}: {reason}");
        return warning with { State = WarningState.Lifted, LiftedAt = unit.Now, ProposedLevel = null, ProposedBy = null, ProposedAt = null };
    }, cancellation);

    public Task<Outcome<WarningSummary>> AcknowledgeAsync(long id, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var (warning, body) = WarningTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such warning");
        if (warning.State is WarningState.Draft) throw RefusedException.Invalid($"{warning.Number} is not issued yet");
        if (unit.Db.Execute("INSERT INTO alerting_warning_acknowledgements(warning_id, actor, at) VALUES (@p0,@p1,@p2) ON CONFLICT(warning_id, actor) DO NOTHING", id, actor.Name, unit.Now) == 0) return warning;
        unit.Record(actor, "warning.acknowledge", $"warning:{id}");
        Tell(unit, warning, actor, $"acknowledged {warning.Number}");
        return WarningTable.Update(unit, warning with { Acknowledgements = warning.Acknowledgements + 1 }, body);
    }, cancellation);

    private WarningSummary InForce(AlertingTransaction unit, WarningSummary warning, WarningLevel level, Actor actor, string reason)
    {
        var policy = Must(unit, level, actor);
        var rises = warning.State == WarningState.Draft || level > warning.Level;
        var signedBy = warning.ProposedBy is { } proposer && proposer != Actor.SystemName && warning.ProposedLevel == level ? proposer : null;
        if (policy.SecondPerson && rises && signedBy is null)
        {
            WarningTable.Step(unit, warning.Id, "propose", actor, reason, warning.Level, level);
            Tell(unit, warning, actor, $"signed {Words.Level(level)} for {warning.Number}, a second person must sign: {reason}");
            return warning with { ProposedLevel = level, ProposedBy = actor.Name, ProposedAt = unit.Now };
        }
        if (policy.SecondPerson && rises && string.Equals(signedBy, actor.Name, StringComparison.OrdinalIgnoreCase))
            throw RefusedException.Forbidden($"{Words.Level(level)} wants a second person: {actor.Name} signed it first");
        var first = warning.State == WarningState.Draft;
        if (policy.SecondPerson && rises) WarningTable.Step(unit, warning.Id, "sign", actor, reason, warning.Level, level);
        WarningTable.Step(unit, warning.Id, first ? "issue" : "adjust", actor, reason, warning.Level, level);
        Tell(unit, warning, actor, first ? $"issued {warning.Number}, {Words.Level(level)}: {reason}" : $"moved {warning.Number} from {Words.Level(warning.Level)} to {Words.Level(level)}: {reason}");
        return warning with
        {
            State = first ? WarningState.Issued : WarningState.Adjusted, Level = level, Clause = first && level == warning.Level ? warning.Clause : By(actor, level, reason),
            IssuedAt = warning.IssuedAt ?? unit.Now, Issuer = first ? (signedBy is null ? actor.Name : $"{signedBy}, {actor.Name}") : warning.Issuer,
            ProposedLevel = null, ProposedBy = null, ProposedAt = null,
        };
    }

    private Task<Outcome<WarningSummary>> ChangeAsync(long id, int version, Actor actor, string reason, Func<AlertingTransaction, WarningSummary, WarningSummary> change, CancellationToken cancellation)
    {
        return database.TryWriteAsync(unit =>
        {
            if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
            var (warning, body) = WarningTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such warning");
            if (warning.Version != version) throw RefusedException.Conflict($"{warning.Number} changed meanwhile: it is at version {warning.Version}, you saw {version}");
            if (warning.State == WarningState.Lifted) throw RefusedException.Invalid($"{warning.Number} is lifted");
            var next = WarningTable.Update(unit, change(unit, warning), body);
            unit.Record(actor, "warning.change", $"warning:{id}", State(warning), State(next), Text.Cut(reason.Trim(), 2_000));
            if (warning.IncidentId is { } incident) IncidentTable.Touch(unit, incident);
            return next;
        }, cancellation);
    }

    private LevelPolicy Must(AlertingTransaction unit, WarningLevel level, Actor actor)
    {
        var policy = matrices.Current(unit.Db).PolicyOf(level);
        return actor.Holds(policy.MinimumRole) ? policy : throw RefusedException.Forbidden($"{Words.Level(level)} wants the role {policy.MinimumRole}");
    }

    private static string By(Actor actor, WarningLevel level, string reason) => Text.Cut($"decided by {actor.Name}: {Words.Level(level)}, {reason}", 1_000);

    private static string State(WarningSummary w) => $"{w.State} {w.Level}" + (w.ProposedLevel is { } proposed ? $", {proposed} proposed by {w.ProposedBy}" : "");

    private static void Tell(AlertingTransaction unit, WarningSummary warning, Actor actor, string text)
    {
        if (warning.IncidentId is { } incident) Timeline.Append(unit, incident, unit.Now, TimelineKind.Warning, actor.Name, text, $"warning:{warning.Id}");
    }
}
