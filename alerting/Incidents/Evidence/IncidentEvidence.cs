using System.Globalization;
using System.Text;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Incidents.Evidence;

internal sealed class IncidentEvidence(AlertingDatabase database, EvidenceFiles files, IOptions<AlertingOptions> options, IEventStore? events = null) : IIncidentEvidence, IDisposable
{
    // Content must not be taken away while the same one is being recorded again.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _receiving = new(4, 4);

    public Task<IReadOnlyList<EvidenceItem>> ListAsync(long incident, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<EvidenceItem>>(c => EvidenceTable.OfIncident(c, incident), cancellation);

    public Task<IReadOnlyList<CustodyEntry>> CustodyAsync(long incident, long evidence, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<CustodyEntry>>(c => EvidenceTable.Find(c, incident, evidence) is null ? [] : Custody.Of(c, evidence), cancellation);

    public Task<Outcome<EvidenceItem>> AddFileAsync(long incident, string name, string mediaType, string description, Stream content, Actor actor, CancellationToken cancellation = default) =>
        AddAsync(incident, EvidenceKind.File, EvidenceName.Of(name), EvidenceName.MediaType(mediaType), description, "", content, actor, cancellation);

    public async Task<Outcome<EvidenceItem>> AddEventAsync(long incident, SecurityEventId id, string description, Actor actor, CancellationToken cancellation = default)
    {
        if (events is null || await events.GetAsync(id, cancellation).ConfigureAwait(false) is not { } found) return new Refusal(RefusalKind.NotFound, "the event store has no such event");
        using var content = new MemoryStream(CanonicalJson.Of(EcsJson.ToText(found)));
        return await AddAsync(incident, EvidenceKind.Event, $"event-{id}.json", "application/json", description, $"event:{id}", content, actor, cancellation).ConfigureAwait(false);
    }

    public async Task<Outcome<string>> ViewAsync(long incident, long evidence, Actor actor, CancellationToken cancellation = default)
    {
        var opened = await TouchAsync(incident, evidence, CustodyAction.Viewed, actor, "", cancellation).ConfigureAwait(false);
        if (!opened.Done) return opened.Refusal;
        var content = opened.Value.Content;
        await using (content.ConfigureAwait(false))
        {
            var buffer = new byte[IIncidentEvidence.MaxView];
            var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
    }

    public Task<Outcome<EvidenceContent>> OpenAsync(long incident, long evidence, Actor actor, string note = "", CancellationToken cancellation = default) =>
        TouchAsync(incident, evidence, CustodyAction.Downloaded, actor, note, cancellation);

    public async Task<Outcome<EvidenceContent>> ExportAsync(long incident, Actor actor, string note = "", CancellationToken cancellation = default)
    {
        var written = await database.TryWriteAsync(unit =>
        {
            var summary = IncidentTable.Existing(unit, incident);
            var items = unit.Db.Query(EvidenceTable.Select + " WHERE incident_id = @p0 ORDER BY id", EvidenceTable.Read, incident);
            if (items.Count == 0) throw RefusedException.NotFound($"{summary.Number} has no evidence");
            foreach (var item in items.Where(i => i.RemovedAt is null)) Custody.Append(unit, item, CustodyAction.Exported, actor, Text.Cut(note.Trim(), IIncidentEvidence.MaxText));
            Tell(unit, incident, TimelineKind.Custody, actor, "evidence-export", $"exported all evidence{Because(note)}", $"incident:{incident}", note);
            return summary;
        }, cancellation).ConfigureAwait(false);
        if (!written.Done) return written.Refusal;
        var records = await database.ReadAsync(c => EvidenceTable.OfIncident(c, incident).Select(i => (i, (IReadOnlyList<CustodyEntry>)Custody.Of(c, i.Id))).ToList(), cancellation).ConfigureAwait(false);
        try
        {
            return new EvidenceContent($"{written.Value.Number}-evidence.zip", await EvidenceExport.WriteAsync(files, written.Value, records, actor, cancellation).ConfigureAwait(false));
        }
        catch (IOException full) when (EvidenceFiles.IsFull(full))
        {
            return new Refusal(RefusalKind.NoRoom, $"the disk of {files.Folder} is full: there is no room for the export");
        }
    }

    public Task<Outcome<EvidenceItem>> HandOverAsync(long incident, long evidence, int version, string to, Actor actor, string note, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var item = Checked(unit, incident, evidence, version);
        var receiver = to?.Trim() ?? "";
        if (receiver.Length is 0 or > Actor.MaxNameLength) throw RefusedException.Invalid("who is to hold it is wanted");
        unit.Db.Execute("UPDATE alerting_incident_evidence SET holder = @p1, version = version + 1 WHERE id = @p0", evidence, receiver);
        Custody.Append(unit, item, CustodyAction.HandedOver, actor, $"from {item.Holder} to {receiver}{Because(note)}");
        Tell(unit, incident, TimelineKind.Custody, actor, "evidence-hand-over", $"handed {item.Name} over from {item.Holder} to {receiver}{Because(note)}", $"evidence:{evidence}", note);
        return EvidenceTable.Find(unit.Db, incident, evidence)!;
    }, cancellation);

    public async Task<Outcome<EvidenceItem>> RemoveAsync(long incident, long evidence, int version, Actor actor, string reason, CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var removed = await database.TryWriteAsync(unit =>
            {
                if (!actor.Holds(RoleNames.Supervisor)) throw RefusedException.Forbidden("evidence is removed by a supervisor");
                if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("removing evidence wants a reason");
                var item = Checked(unit, incident, evidence, version);
                unit.Db.Execute("UPDATE alerting_incident_evidence SET removed_by = @p1, removed_at = @p2, removed_reason = @p3, version = version + 1 WHERE id = @p0",
                    evidence, actor.Name, unit.Now, Text.Cut(reason.Trim(), IIncidentEvidence.MaxText));
                Custody.Append(unit, item, CustodyAction.Removed, actor, reason.Trim());
                Tell(unit, incident, TimelineKind.Evidence, actor, "evidence-remove", $"removed {item.Name}, SHA-256 {item.Sha256}{Because(reason)}", $"evidence:{evidence}", reason);
                return EvidenceTable.Find(unit.Db, incident, evidence)!;
            }, cancellation).ConfigureAwait(false);
            if (removed.Done && !await database.ReadAsync(c => EvidenceTable.IsKept(c, removed.Value.Sha256), cancellation).ConfigureAwait(false)) files.Delete(removed.Value.Sha256);
            return removed;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _receiving.Dispose();
    }

    private async Task<Outcome<EvidenceItem>> AddAsync(
        long incident, EvidenceKind kind, string name, string mediaType, string description, string reference, Stream content, Actor actor, CancellationToken cancellation)
    {
        if (description.Length > IIncidentEvidence.MaxText) return new Refusal(RefusalKind.Invalid, $"a description has at most {IIncidentEvidence.MaxText} characters");
        await _receiving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Before anything is read: who may not add gets to send nothing.
            var checkedFirst = await database.TryWriteAsync(unit => IncidentTable.Writable(unit, incident), cancellation).ConfigureAwait(false);
            if (!checkedFirst.Done) return checkedFirst.Refusal;
            var kept = await database.ReadAsync(c => { files.SweepOnce(sha => EvidenceTable.IsKept(c, sha)); return EvidenceTable.Total(c); }, cancellation).ConfigureAwait(false);
            using var received = await files.ReceiveAsync(content, Math.Max(0, options.Value.Evidence.TotalBytes - kept), cancellation).ConfigureAwait(false);
            await _gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                files.Keep(received);
                var added = await database.TryWriteAsync(unit => Record(unit, new EvidenceItem(
                    unit.Next("evidence"), 1, incident, kind, name, mediaType, description.Trim(), reference, received.Size, received.Sha256, actor.Name, actor.Name, unit.Now, null, null, ""), actor), cancellation).ConfigureAwait(false);
                if (!added.Done && !await database.ReadAsync(c => EvidenceTable.IsKept(c, received.Sha256), CancellationToken.None).ConfigureAwait(false)) files.Delete(received.Sha256);
                return added;
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
        finally
        {
            _receiving.Release();
        }
    }

    private EvidenceItem Record(AlertingTransaction unit, EvidenceItem item, Actor actor)
    {
        var settings = options.Value.Evidence;
        IncidentTable.Writable(unit, item.IncidentId);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_incident_evidence WHERE incident_id = @p0", item.IncidentId) >= settings.PerIncident) throw RefusedException.Invalid($"an incident has at most {settings.PerIncident} pieces of evidence (Alerting:Evidence:PerIncident)");
        EvidenceTable.Insert(unit, item);
        if (EvidenceTable.Total(unit.Db) > settings.TotalBytes) throw new RefusedException(new Refusal(RefusalKind.TooLarge, $"all evidence together has at most {settings.TotalBytes} bytes (Alerting:Evidence:TotalBytes); nothing of it was kept"));
        Custody.Append(unit, item, CustodyAction.Added, actor, item.Name);
        Tell(unit, item.IncidentId, TimelineKind.Evidence, actor, "evidence-add", string.Create(CultureInfo.InvariantCulture, $"added {item.Name}, {item.Size} bytes, SHA-256 {item.Sha256}"), $"evidence:{item.Id}", item.Description);
        return item;
    }

    private async Task<Outcome<EvidenceContent>> TouchAsync(long incident, long evidence, CustodyAction action, Actor actor, string note, CancellationToken cancellation)
    {
        var touched = await database.TryWriteAsync(unit =>
        {
            var item = EvidenceTable.Find(unit.Db, incident, evidence) ?? throw RefusedException.NotFound("there is no such evidence");
            if (item.RemovedAt is not null) throw RefusedException.NotFound($"it was removed: {item.RemovedReason}");
            if (!File.Exists(files.PathOf(item.Sha256))) throw RefusedException.NotFound("its file is not there: ./run verify names what is missing");
            Custody.Append(unit, item, action, actor, note.Trim());
            Tell(unit, incident, TimelineKind.Custody, actor, action == CustodyAction.Viewed ? "evidence-view" : "evidence-download", $"{(action == CustodyAction.Viewed ? "looked at" : "downloaded")} {item.Name}{Because(note)}", $"evidence:{evidence}", note);
            return item;
        }, cancellation).ConfigureAwait(false);
        return touched.Done ? new EvidenceContent(touched.Value.Name, files.Open(touched.Value.Sha256)) : touched.Refusal;
    }

    private static EvidenceItem Checked(AlertingTransaction unit, long incident, long evidence, int version)
    {
        IncidentTable.Writable(unit, incident);
        var item = EvidenceTable.Find(unit.Db, incident, evidence) ?? throw RefusedException.NotFound("there is no such evidence");
        if (item.RemovedAt is not null) throw RefusedException.Invalid("it was removed");
        return item.Version == version ? item : throw RefusedException.Conflict($"{item.Name} changed meanwhile: it is at version {item.Version}, held by {item.Holder}; you saw {version}");
    }

    private static void Tell(AlertingTransaction unit, long incident, TimelineKind kind, Actor actor, string action, string text, string reference, string reason)
    {
        Timeline.Append(unit, incident, unit.Now, kind, actor.Name, text, reference);
        unit.Record(actor, "incident." + action, reference, "", text, Text.Cut(reason.Trim(), IIncidentEvidence.MaxText));
        IncidentTable.Touch(unit, incident);
    }

    private static string Because(string note) => string.IsNullOrWhiteSpace(note) ? "" : ": " + Text.Cut(note.Trim(), IIncidentEvidence.MaxText);
}
