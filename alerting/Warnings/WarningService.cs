using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

internal sealed class WarningService(AlertingDatabase database, WarningMatrices matrices, WarningReader reader, IPlaybookLibrary playbooks, ClockDesk clocks) : IWarningService
{
    public Task<IReadOnlyList<WarningSummary>> ListAsync(WarningQuery query, CancellationToken cancellation = default)
    {
        var states = query.States is { Count: > 0 } asked ? asked : [WarningState.Draft, WarningState.Issued, WarningState.Adjusted];
        var names = string.Join(',', states.Select(s => ((int)s).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return database.ReadAsync<IReadOnlyList<WarningSummary>>(c => [.. c.Query(
            $"{WarningTable.Select} WHERE state IN ({names}) AND level >= @p0 AND (CAST(@p1 AS BIGINT) IS NULL OR incident_id = @p1) ORDER BY level DESC, started_at DESC, id DESC LIMIT @p2 OFFSET @p3",
            WarningTable.Read, query.AtLeast ?? WarningLevel.None, query.IncidentId, Math.Clamp(query.Limit, 1, 500), Math.Max(0, query.Offset)).Select(w => w.Item1)], cancellation);
    }

    public Task<WarningDetail?> FindAsync(long id, CancellationToken cancellation = default) => reader.FindAsync(id, cancellation);

    public Task<WarningCounts> CountAsync(CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        var standing = c.Query("SELECT level, count(*) FROM alerting_warnings WHERE state IN (1, 2) GROUP BY level", r => (Level: (WarningLevel)r.GetInt32(0), N: (int)r.GetInt64(1)))
            .ToDictionary(x => x.Level, x => x.N);
        var waiting = (int)c.Scalar<long>("SELECT count(*) FROM alerting_warnings WHERE state = 0 OR (state <> 3 AND proposed_level IS NOT NULL)");
        int Of(WarningLevel level) => standing.GetValueOrDefault(level);
        return new WarningCounts(Of(WarningLevel.Red), Of(WarningLevel.Orange), Of(WarningLevel.Yellow), Of(WarningLevel.Blue), waiting);
    }, cancellation);

    public Task<Outcome<WarningSummary>> IssueAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning, body) =>
    {
        if (warning.State != WarningState.Draft && warning.ProposedLevel is null) throw RefusedException.Invalid($"{warning.Number} is issued, and no other level is proposed");
        return (InForce(unit, warning, body, warning.ProposedLevel ?? warning.Level, actor, reason), body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> AdjustAsync(long id, int version, WarningLevel level, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning, body) =>
    {
        if (level == WarningLevel.None || !Enum.IsDefined(level)) throw RefusedException.Invalid("choose blue, yellow, orange or red; to end it, lift it");
        if (level == warning.Level && warning.ProposedLevel is null) throw RefusedException.Invalid($"{warning.Number} is {Words.Level(level)} already");
        if (warning.State == WarningState.Draft)
        {
            Must(unit, level, actor);
            WarningTable.Step(unit, id, "draft", actor, reason, warning.Level, level);
            return (warning with { Level = level, ProposedLevel = null, ProposedBy = null, ProposedAt = null, Clause = By(actor, level, reason) }, body);
        }
        // Signatures stand for one level: another one starts anew.
        if (level != warning.ProposedLevel) warning = warning with { ProposedLevel = null, ProposedBy = null, ProposedAt = null };
        Must(unit, warning.Level, actor);
        return (InForce(unit, warning, body, level, actor, reason), body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> RefuseProposalAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning, body) =>
    {
        if (warning.ProposedLevel is not { } proposed) throw RefusedException.Invalid($"no level is proposed for {warning.Number}");
        Must(unit, proposed, actor);
        WarningTable.Step(unit, id, "refuse", actor, reason, proposed, warning.Level);
        Tell(unit, warning, actor, $"refused {Words.Level(proposed)} for {warning.Number}: {reason}");
        return (warning with { ProposedLevel = null, ProposedBy = null, ProposedAt = null }, body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> LiftAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning, body) =>
    {
        Must(unit, warning.Level, actor);
        WarningTable.Step(unit, id, "lift", actor, reason, warning.Level, WarningLevel.None);
        Tell(unit, warning, actor, $"lifted {warning.Number}, {Words.Level(warning.Level)}: {reason}");
        WarningReminders.Stop(unit, id);
        WarningNotices.Lifted(unit, warning, matrices.Current(unit.Db).PolicyOf(warning.Level), Text.Cut(reason, 2_000));
        return (warning with { State = WarningState.Lifted, LiftedAt = unit.Now, ProposedLevel = null, ProposedBy = null, ProposedAt = null }, body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> AcknowledgeAsync(long id, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var (warning, body) = WarningTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such warning");
        if (warning.State is WarningState.Draft) throw RefusedException.Invalid($"{warning.Number} is not issued yet");
        var raised = warning.RaisedAt ?? warning.CreatedAt;
        var before = WarningTable.Acknowledged(unit.Db, id).Where(a => a.Actor.Name == actor.Name).ToList();
        if (before.Exists(a => a.At >= raised)) return warning;
        unit.Db.Execute(
            """
            INSERT INTO alerting_warning_acknowledgements(warning_id, actor, at, roles) VALUES (@p0,@p1,@p2,@p3)
            ON CONFLICT(warning_id, actor) DO UPDATE SET at = excluded.at, roles = excluded.roles
            """, id, actor.Name, unit.Now, string.Join(' ', actor.Roles));
        unit.Record(actor, "warning.acknowledge", $"warning:{id}");
        Tell(unit, warning, actor, $"acknowledged {warning.Number}, {Words.Level(warning.Level)}");
        if (WarningReminders.Missing(matrices.Current(unit.Db).PolicyOf(warning.Level), raised, WarningTable.Acknowledged(unit.Db, id)).Count == 0) WarningReminders.Stop(unit, id);
        if (warning.IncidentId is { } incident) clocks.Noticed(unit, incident, actor, $"acknowledged {warning.Number}");
        return WarningTable.Update(unit, warning with { Acknowledgements = warning.Acknowledgements + (before.Count == 0 ? 1 : 0) }, body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> EditAsync(long id, int version, WarningEdit edit, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, actor, reason, (unit, warning, body) =>
    {
        var told = new List<string>();
        if (edit.Tlp is { } asked)
        {
            var tlp = Tlp.Read(asked) ?? throw RefusedException.Invalid($"'{Text.Cut(asked, 40)}' is no marking of TLP 2.0; those are {string.Join(", ", Tlp.Markings)}");
            if (Tlp.Widens(warning.Tlp, tlp)) Must(unit, warning.Level, actor);
            told.Add($"marking {warning.Tlp} → {tlp}");
            warning = warning with { Tlp = tlp };
        }
        if (edit.Category is { } category)
        {
            if (!WarningCategories.All.Contains(category)) throw RefusedException.Invalid($"there is no category '{Text.Cut(category, 40)}'; those are {string.Join(", ", WarningCategories.All)}");
            told.Add($"category {warning.Category} → {category}");
            (warning, body) = (warning with { Category = category }, body with { CategoryByHand = true });
        }
        if (edit.Authority is { } authority)
        {
            if (authority.Length > 200) throw RefusedException.Invalid("an authority has at most 200 characters");
            told.Add($"authority {authority.Trim()}");
            body = body with { Authority = authority.Trim() };
        }
        if (edit.PlaybookId is { } playbook)
        {
            if (playbook.Length > 0 && playbooks.Find(playbook) is null) throw RefusedException.Invalid("there is no such playbook");
            told.Add(playbook.Length == 0 ? "no playbook" : $"playbook {playbooks.Find(playbook)!.Name}");
            (warning, body) = (warning with { PlaybookId = playbook.Length == 0 ? null : playbook }, body with { PlaybookByHand = true });
        }
        if (told.Count == 0) throw RefusedException.Invalid("say what to change: tlp, category, authority or playbookId");
        var words = $"{string.Join(", ", told)}: {reason}";
        WarningTable.Step(unit, id, "edit", actor, words, warning.Level, warning.Level);
        Tell(unit, warning, actor, $"changed {warning.Number}: {words}");
        return (warning, body);
    }, cancellation);

    public Task<Outcome<WarningSummary>> NoteAsync(long id, string text, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 2_000) throw RefusedException.Invalid("a note has 1 to 2,000 characters");
        var (warning, body) = WarningTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such warning");
        WarningTable.Step(unit, id, "note", actor, text.Trim(), warning.Level, warning.Level);
        unit.Record(actor, "warning.note", $"warning:{id}", "", text.Trim());
        Tell(unit, warning, actor, $"noted on {warning.Number}: {text.Trim()}");
        return WarningTable.Update(unit, warning, body);
    }, cancellation);

    private WarningSummary InForce(AlertingTransaction unit, WarningSummary warning, WarningBody body, WarningLevel level, Actor actor, string reason)
    {
        var policy = Must(unit, level, actor);
        var rises = warning.State == WarningState.Draft || level > warning.Level;
        var signedBy = warning.ProposedBy is { } proposer && proposer != Actor.SystemName && warning.ProposedLevel == level ? proposer : null;
        if (policy.SecondPerson && rises && signedBy is null)
        {
            WarningTable.Step(unit, warning.Id, "propose", actor, reason, warning.Level, level);
            Tell(unit, warning, actor, $"signed {Words.Level(level)} for {warning.Number}, a second person must sign: {reason}");
            WarningNotices.SignatureWanted(unit, warning, policy, level, actor.Name);
            return warning with { ProposedLevel = level, ProposedBy = actor.Name, ProposedAt = unit.Now };
        }
        if (policy.SecondPerson && rises && string.Equals(signedBy, actor.Name, StringComparison.OrdinalIgnoreCase))
            throw RefusedException.Forbidden($"{Words.Level(level)} wants a second person: {actor.Name} signed it first");
        var first = warning.State == WarningState.Draft;
        if (policy.SecondPerson && rises) WarningTable.Step(unit, warning.Id, "sign", actor, reason, warning.Level, level);
        WarningTable.Step(unit, warning.Id, first ? "issue" : "adjust", actor, reason, warning.Level, level);
        Tell(unit, warning, actor, first ? $"issued {warning.Number}, {Words.Level(level)}: {reason}" : $"moved {warning.Number} from {Words.Level(warning.Level)} to {Words.Level(level)}: {reason}");
        var next = warning with
        {
            State = first ? WarningState.Issued : WarningState.Adjusted, Level = level, Clause = first && level == warning.Level ? warning.Clause : By(actor, level, reason),
            IssuedAt = warning.IssuedAt ?? unit.Now, Issuer = first ? (signedBy is null ? actor.Name : $"{signedBy}, {actor.Name}") : warning.Issuer,
            ProposedLevel = null, ProposedBy = null, ProposedAt = null, RaisedAt = rises ? unit.Now : warning.RaisedAt,
        };
        if (rises) WarningReminders.Begin(unit, warning.Id, policy);
        if (first) WarningNotices.Issued(unit, next, body, policy);
        else WarningNotices.Changed(unit, next, body, policy, warning.Level);
        return next;
    }

    private Task<Outcome<WarningSummary>> ChangeAsync(long id, int version, Actor actor, string reason, Func<AlertingTransaction, WarningSummary, WarningBody, (WarningSummary, WarningBody)> change, CancellationToken cancellation)
    {
        return database.TryWriteAsync(unit =>
        {
            if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
            var (warning, body) = WarningTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such warning");
            if (warning.Version != version) throw RefusedException.Conflict($"{warning.Number} changed meanwhile: it is at version {warning.Version}, you saw {version}");
            if (warning.State == WarningState.Lifted) throw RefusedException.Invalid($"{warning.Number} is lifted");
            var (changed, told) = change(unit, warning, body);
            var next = WarningTable.Update(unit, changed, told);
            unit.Record(actor, "warning.change", $"warning:{id}", State(warning), State(next), Text.Cut(reason.Trim(), 2_000));
            if (warning.IncidentId is { } incident)
            {
                if (next.State != WarningState.Lifted) clocks.Noticed(unit, incident, actor, $"worked on {warning.Number}");
                IncidentTable.Touch(unit, incident);
            }
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
