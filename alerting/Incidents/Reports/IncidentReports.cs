using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Reports;

internal sealed class IncidentReports(AlertingDatabase database, AdviceBook advice, IReportWords words, RunNames names, TimeProvider time) : IIncidentReports
{
    private const int MaxEntries = 2_000;

    public async Task<Outcome<WrittenReport>> WriteAsync(long id, ReportFormat format, string clearance, Actor actor, string language = "en", CancellationToken cancellation = default)
    {
        if (Tlp.Read(clearance ?? "") is not { } cleared) return new Refusal(RefusalKind.Invalid, $"clearance is one of {string.Join(", ", Tlp.Markings)}");
        if (!Enum.IsDefined(format)) return new Refusal(RefusalKind.Invalid, "there is no such format");
        if (words.Read(language) is not { } known) return new Refusal(RefusalKind.Invalid, $"language is one of {string.Join(", ", words.Languages)}");
        if (await database.ReadAsync(c => Read(c, id), cancellation).ConfigureAwait(false) is not { } facts) return new Refusal(RefusalKind.NotFound, "there is no such incident");
        var number = facts.Incident.Summary.Number;
        if (Tlp.Widens(facts.Tlp, cleared)) return new Refusal(RefusalKind.Forbidden, $"{number} is marked {facts.Tlp}: it is not written for {cleared}, which reaches more people");
        ReportLanguage.Speak(known);
        var named = await names.OfAsync(id, cancellation).ConfigureAwait(false);
        var report = format switch
        {
            ReportFormat.Html => new WrittenReport(number + ".html", "text/html", facts.Tlp, HtmlReport.Write(new ReportWriter(words, named).Write(facts, known))),
            ReportFormat.Stix => new WrittenReport(number + ".json", "application/stix+json", facts.Tlp, StixReport.Write(facts)),
            _ => new WrittenReport(number + ".md", "text/markdown", facts.Tlp, MarkdownReport.Write(new ReportWriter(words, named).Write(facts, known))),
        };
        return await database.TryWriteAsync(unit =>
        {
            // Not a change of the incident: its version stays, and the same report can be written again.
            Timeline.Append(unit, id, unit.Now, TimelineKind.Report, actor.Name, $"wrote the report as {format.ToString().ToLowerInvariant()}, {facts.Tlp}", $"incident:{id}");
            unit.Record(actor, "incident.report", $"incident:{id}", "", $"{format}, {facts.Tlp}, for {cleared}");
            return report;
        }, cancellation).ConfigureAwait(false);
    }

    public Task<long?> FindAsync(string number, CancellationToken cancellation = default) => database.ReadAsync(
        c => c.Query("SELECT id FROM alerting_incidents WHERE number = @p0", r => (long?)r.GetInt64(0), number.Trim().ToUpperInvariant()).FirstOrDefault(), cancellation);

    private ReportFacts? Read(System.Data.Common.DbConnection c, long id)
    {
        if (IncidentReader.Find(c, id, time.GetUtcNow()) is not { } incident) return null;
        var warning = incident.Summary.WarningId is { } known ? WarningTable.Find(c, known) : null;
        var last = c.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_timeline WHERE incident_id = @p0", id);
        var skipped = Math.Max(0, last - MaxEntries);
        var clocks = c.Query(ClockTable.Select + " WHERE incident_id = @p0 ORDER BY id", ClockTable.Read, id)
            .Select(k => new ReportClock(k.Definition.RegimeName, k.Definition.Report.Name, k.State, k.DueAt, k.SentAt)).ToList();
        return new ReportFacts(
            incident, warning?.Summary, warning?.Body, Timeline.Read(c, id, skipped, MaxEntries), skipped, Timeline.Verify(c, id), EvidenceTable.OfIncident(c, id), clocks,
            [.. warning?.Body.Advice ?? advice.For(incident.Techniques, incident.Stages)]);
    }
}
