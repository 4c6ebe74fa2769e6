using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

internal sealed class ClockService(AlertingDatabase database, ClockBook book, IWarningService warnings, IReportWords words, RunNames names, TimeProvider time) : IClockService
{
    private static readonly TimeSpan FurthestBack = TimeSpan.FromDays(90);

    public Task<IReadOnlyList<StatutoryClock>> ListAsync(long? incidentId = null, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<StatutoryClock>>(c =>
    {
        var rows = incidentId is { } id
            ? c.Query(ClockTable.Select + " WHERE incident_id = @p0 ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id", ClockTable.Read, id)
            : c.Query(ClockTable.Select + " WHERE state IN (0, 1) ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id LIMIT 500", ClockTable.Read);
        return [.. rows.Select(r => r.View(time.GetUtcNow()))];
    }, cancellation);

    public async Task<ReportDraft?> DraftAsync(long id, string language = "en", CancellationToken cancellation = default)
    {
        var read = await database.ReadAsync(c => ClockTable.Find(c, id) is not { } clock || IncidentReader.Find(c, clock.IncidentId, time.GetUtcNow()) is not { } incident
            ? null
            : new Draft(clock, incident, Timeline.Read(c, clock.IncidentId, 0, 1_000)), cancellation).ConfigureAwait(false);
        if (read is null) return null;
        var warning = read.Incident.Warning is { } w ? await warnings.FindAsync(w.Id, cancellation).ConfigureAwait(false) : null;
        ReportLanguage.Speak(words.Read(language) ?? "en");
        return new ReportText(words).Write(read.Clock, read.Incident, warning, read.Entries, await names.OfAsync(read.Incident.Summary.Id, cancellation).ConfigureAwait(false), time.GetUtcNow());
    }

    private sealed record Draft(ClockRow Clock, IncidentDetail Incident, List<TimelineEntry> Entries);

    public Task<string?> SentTextAsync(long id, CancellationToken cancellation = default) =>
        database.ReadAsync(c => c.Scalar<string>("SELECT sent_text FROM alerting_clocks WHERE id = @p0", id), cancellation);

    public Task<Outcome<IReadOnlyList<StatutoryClock>>> AwareAsync(long incidentId, DateTimeOffset at, string? regime, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync<IReadOnlyList<StatutoryClock>>(unit =>
    {
        var why = Wanted(reason);
        NotAhead(unit, at);
        var incident = IncidentTable.Find(unit.Db, incidentId) ?? throw RefusedException.NotFound("there is no such incident");
        var rules = book.Current(unit.Db);
        var asked = regime is null ? null : rules.Regimes.FirstOrDefault(r => r.Id == regime) ?? throw RefusedException.Invalid($"there is no regime '{Text.Cut(regime, 60)}'; known are {string.Join(", ", rules.Regimes.Select(r => r.Id))}");
        var before = unit.Db.Query("SELECT at FROM alerting_awareness WHERE incident_id = @p0", r => r.Instant(0), incidentId);
        unit.Db.Execute(
            """
            INSERT INTO alerting_awareness(incident_id, at, actor, why, recorded_at) VALUES (@p0,@p1,@p2,@p3,@p4)
            ON CONFLICT(incident_id) DO UPDATE SET at = excluded.at, actor = excluded.actor, why = excluded.why, recorded_at = excluded.recorded_at
            """, incidentId, at, actor.Name, Text.Cut("said so: " + why, 500), unit.Now);
        Timeline.Append(unit, incidentId, at, TimelineKind.Incident, actor.Name, $"says that the incident is known since {ClockDesk.Stamp(at)}: {why}", $"incident:{incidentId}");
        unit.Record(actor, "clock.aware", $"incident:{incidentId}", before.Count == 0 ? "" : ClockDesk.Stamp(before[0]), ClockDesk.Stamp(at), why);
        Move(unit, incidentId, at);
        var started = ClockTable.OfIncident(unit.Db, incidentId).Select(c => c.RegimeId).ToHashSet();
        var facts = ClockFacts.Of(unit, incident, rules);
        foreach (var one in rules.Regimes.Where(r => !started.Contains(r.Id) && (r == asked || (asked is null && r.Enabled && facts.Meets(r))))) ClockDesk.Start(unit, incident, rules, one, at, $"{actor.Name} said so");
        IncidentTable.Touch(unit, incidentId);
        return [.. ClockTable.OfIncident(unit.Db, incidentId).Select(c => c.View(unit.Now))];
    }, cancellation);

    public Task<Outcome<StatutoryClock>> StartAsync(long id, int version, DateTimeOffset at, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, "clock.start", actor, reason, (unit, clock, why) =>
    {
        NotAhead(unit, at);
        if (clock.Definition.Report.Basis != ClockBasis.Person || clock.State != ClockState.Waiting) throw RefusedException.Invalid("only a clock that waits for a person is begun by one");
        clock.Start(at);
        return $"began the time of {clock.Definition.Report.Name}, due {ClockDesk.Stamp(clock.DueAt!.Value)}: {why}";
    }, cancellation);

    public Task<Outcome<StatutoryClock>> SentAsync(long id, int version, DateTimeOffset? at, string reference, string? text, Actor actor, CancellationToken cancellation = default) => ChangeAsync(id, version, "clock.sent", actor, reference, (unit, clock, found) =>
    {
        var sent = at ?? unit.Now;
        NotAhead(unit, sent);
        if (text?.Length > IClockService.MaxReportLength) throw RefusedException.Invalid($"a report has at most {IClockService.MaxReportLength} characters");
        (clock.State, clock.SentAt, clock.SentBy, clock.Reference, clock.NextAt) = (ClockState.Sent, sent, actor.Name, Text.Cut(found, 500), null);
        unit.Db.Execute("UPDATE alerting_clocks SET sent_text = @p1 WHERE id = @p0", id, text);
        foreach (var next in ClockTable.OfIncident(unit.Db, clock.IncidentId).Where(c => c.RegimeId == clock.RegimeId && c.State == ClockState.Waiting && c.Definition.Report.Basis == ClockBasis.Report && c.Definition.Report.AfterReport == clock.ReportId))
        {
            next.Start(sent);
            ClockTable.Update(unit, next);
            ClockDesk.Tell(unit, next);
        }
        return $"sent {clock.Definition.Report.Name} ({clock.Definition.RegimeName}) at {ClockDesk.Stamp(sent)}{(sent > clock.DueAt ? ", too late" : "")}, reference {clock.Reference}";
    }, cancellation);

    public Task<Outcome<StatutoryClock>> WithdrawAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default) => ChangeAsync(id, version, "clock.withdraw", actor, reason, (_, clock, why) =>
    {
        (clock.State, clock.NextAt, clock.Note) = (ClockState.Withdrawn, null, Text.Cut(why, 2_000));
        return $"says that {clock.Definition.Report.Name} ({clock.Definition.RegimeName}) need not be sent: {why}";
    }, cancellation);

    private static void Move(AlertingTransaction unit, long incidentId, DateTimeOffset at)
    {
        foreach (var clock in ClockTable.OfIncident(unit.Db, incidentId).Where(c => c.State is ClockState.Waiting or ClockState.Running && c.AwareAt != at))
        {
            clock.AwareAt = at;
            if (clock.Definition.Report.Basis == ClockBasis.Awareness) clock.Start(at);
            ClockTable.Update(unit, clock);
            ClockDesk.Tell(unit, clock);
        }
    }

    private Task<Outcome<StatutoryClock>> ChangeAsync(long id, int version, string action, Actor actor, string words, Func<AlertingTransaction, ClockRow, string, string> change, CancellationToken cancellation) => database.TryWriteAsync(unit =>
    {
        var wanted = Wanted(words);
        // Who answers to an authority for the organisation is no matter of every operator.
        if (!actor.Holds(RoleNames.Responder)) throw RefusedException.Forbidden($"statutory reports want the role {RoleNames.Responder}");
        var clock = ClockTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such clock");
        if (clock.Version != version) throw RefusedException.Conflict($"the clock changed meanwhile: it is at version {clock.Version}, you saw {version}");
        if (clock.State is ClockState.Sent or ClockState.Withdrawn) throw RefusedException.Invalid($"{clock.Definition.Report.Name} is {Names.Lower(clock.State)} already");
        var before = clock.State;
        var told = change(unit, clock, wanted);
        ClockTable.Update(unit, clock);
        ClockDesk.Tell(unit, clock);
        Timeline.Append(unit, clock.IncidentId, unit.Now, TimelineKind.Incident, actor.Name, told, $"clock:{id}");
        unit.Record(actor, action, $"clock:{id}", before.ToString(), clock.State.ToString(), Text.Cut(wanted, 2_000));
        IncidentTable.Touch(unit, clock.IncidentId);
        return clock.View(unit.Now);
    }, cancellation);

    private static string Wanted(string words) => string.IsNullOrWhiteSpace(words) ? throw RefusedException.Invalid("a reason or reference is wanted") : words.Trim();

    private static void NotAhead(AlertingTransaction unit, DateTimeOffset at)
    {
        if (at > unit.Now || at < unit.Now - FurthestBack) throw RefusedException.Invalid("name a time that has passed, at most 90 days back");
    }
}
