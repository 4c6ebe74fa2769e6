using System.Data.Common;
using System.Text;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Imports;

internal sealed class PlaybookImports(
    AlertingDatabase database, PlaybookLibrary library, PlaybookActions actions, IPlaybookSecrets secrets, IOptions<AlertingOptions> options, TimeProvider time) : IPlaybookImports
{
    private const string Columns = "id, version, name, modified, withdrawn, changed_by, changed_at, reason";

    private (long Count, long Sum) _seen = (0, 0);

    public async Task<Outcome<PlaybookVersion>> ImportAsync(ReadOnlyMemory<byte> json, int version, Actor actor, string reason, CancellationToken cancellation = default)
    {
        var (id, name, modified, faults) = PlaybookReader.Look(json, time.GetUtcNow(), actions, secrets);
        if (faults.Where(f => f.Grade == FaultGrade.Faulty).ToList() is { Count: > 0 } wrong)
            return new Refusal(RefusalKind.Invalid, $"the playbook has {wrong.Count} faults, the first at {wrong[0].Path}: {wrong[0].Message}");
        var text = Encoding.UTF8.GetString(json.Span);
        if (DocumentMask.IsMasked(text)) return new Refusal(RefusalKind.Invalid, "a secret of the playbook was masked when it was exported: put it in again");
        if (!options.Value.Playbooks.AllowSecretsInDocuments && faults.FirstOrDefault(f => f.Code == PlaybookFaults.SecretInDocument) is { } written)
            return new Refusal(RefusalKind.Invalid, $"a secret stands in the playbook at {written.Path}: {written.Message} (or set Alerting:Playbooks:AllowSecretsInDocuments)");
        var outcome = await database.TryWriteAsync(unit =>
        {
            var newest = Newest(unit.Db, id!);
            var all = unit.Db.Scalar<long>("SELECT count(DISTINCT id) FROM alerting_playbooks");
            if (newest is null && all >= options.Value.Playbooks.MaxImported) throw RefusedException.Invalid($"{all} playbooks are imported, the ceiling (Alerting:Playbooks:MaxImported)");
            return Add(unit, newest, version, new PlaybookVersion(id!, 0, name, modified, false, actor.Name, unit.Now, Text.Cut(reason, 2_000)), text, actor, "playbook.import");
        }, cancellation).ConfigureAwait(false);
        if (outcome.Done) await RefreshAsync(cancellation).ConfigureAwait(false);
        return outcome;
    }

    public async Task<Outcome<PlaybookVersion>> WithdrawAsync(string id, int version, Actor actor, string reason, CancellationToken cancellation = default)
    {
        var outcome = await database.TryWriteAsync(unit =>
        {
            if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
            var newest = Newest(unit.Db, id) ?? throw RefusedException.NotFound("no playbook of that id was imported");
            if (newest.Withdrawn) throw RefusedException.Invalid("it is withdrawn already");
            var document = unit.Db.Scalar<string>("SELECT document FROM alerting_playbooks WHERE id = @p0 AND version = @p1", id, newest.Version)!;
            return Add(unit, newest, version, newest with { Withdrawn = true, ChangedBy = actor.Name, ChangedAt = unit.Now, Reason = Text.Cut(reason.Trim(), 2_000) }, document, actor, "playbook.withdraw");
        }, cancellation).ConfigureAwait(false);
        if (outcome.Done) await RefreshAsync(cancellation).ConfigureAwait(false);
        return outcome;
    }

    public Task<IReadOnlyList<PlaybookVersion>> VersionsAsync(string id, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<PlaybookVersion>>(
        c => c.Query($"SELECT {Columns} FROM alerting_playbooks WHERE id = @p0 ORDER BY version DESC LIMIT 1000", Read, id), cancellation);

    public async Task<string?> ExportAsync(string id, int? version = null, CancellationToken cancellation = default) =>
        await DocumentAsync(id, version, cancellation).ConfigureAwait(false) is { } json ? DocumentMask.Mask(json) : null;

    public async Task<Outcome<PlaybookDiff>> DiffAsync(string id, int from, int to, CancellationToken cancellation = default)
    {
        var before = await ExportAsync(id, from, cancellation).ConfigureAwait(false);
        var after = await ExportAsync(id, to, cancellation).ConfigureAwait(false);
        if (before is null || after is null) return new Refusal(RefusalKind.NotFound, $"there is no version {(before is null ? from : to)} of {Text.Cut(id, 100)}");
        return PlaybookDiffs.Of(id, from, before, to, after);
    }

    /// <summary>Brings the library up to what the database holds, where that changed.</summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        var seen = await database.ReadAsync(c => c.Query("SELECT count(*), CAST(COALESCE(sum(version), 0) AS BIGINT) FROM alerting_playbooks", r => (r.GetInt64(0), r.GetInt64(1)))[0], cancellation).ConfigureAwait(false);
        if (seen == _seen) return;
        var standing = await database.ReadAsync(c => c.Query(
            "SELECT p.id, p.version, p.document FROM alerting_playbooks p WHERE p.withdrawn = 0 AND p.version = (SELECT max(q.version) FROM alerting_playbooks q WHERE q.id = p.id)",
            r => (r.GetString(0), r.GetInt32(1), r.GetString(2))), cancellation).ConfigureAwait(false);
        library.Stand(standing);
        _seen = seen;
    }

    private async Task<string?> DocumentAsync(string id, int? version, CancellationToken cancellation)
    {
        if (version == 0) return library.FileOf(id);
        var kept = await database.ReadAsync(c => version is null
            ? c.Query("SELECT document, withdrawn FROM alerting_playbooks WHERE id = @p0 ORDER BY version DESC LIMIT 1", r => (Document: r.GetString(0), Withdrawn: r.GetInt32(1) != 0), id)
            : c.Query("SELECT document, 0 FROM alerting_playbooks WHERE id = @p0 AND version = @p1", r => (Document: r.GetString(0), Withdrawn: false), id, version), cancellation).ConfigureAwait(false);
        return kept is [{ Withdrawn: false } one] ? one.Document : version is null ? library.FileOf(id) : null;
    }

    private PlaybookVersion Add(AlertingTransaction unit, PlaybookVersion? newest, int seen, PlaybookVersion next, string document, Actor actor, string action)
    {
        var now = newest?.Version ?? 0;
        if (now != seen) throw RefusedException.Conflict($"the playbook changed meanwhile: it is at version {now}, you saw {seen}");
        if (now >= options.Value.Playbooks.MaxVersions) throw RefusedException.Invalid($"it has {now} versions, the ceiling (Alerting:Playbooks:MaxVersions)");
        next = next with { Version = now + 1 };
        unit.Db.Execute("INSERT INTO alerting_playbooks(id, version, name, modified, document, withdrawn, changed_by, changed_at, reason) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8)",
            next.Id, next.Version, next.Name, next.Modified, document, next.Withdrawn, next.ChangedBy, next.ChangedAt, next.Reason);
        unit.Record(actor, action, next.Id, now == 0 ? "" : $"version {now}", $"version {next.Version}, {next.Name}", next.Reason);
        unit.Changed(ChangeKind.PlaybookDocument, next.Id, () => next, v => v.Version, AlertingJson.Default.PlaybookVersion);
        return next;
    }

    private static PlaybookVersion? Newest(DbTransaction t, string id) => t.Query($"SELECT {Columns} FROM alerting_playbooks WHERE id = @p0 ORDER BY version DESC LIMIT 1", Read, id).FirstOrDefault();

    private static PlaybookVersion Read(DbDataReader r) => new(r.GetString(0), r.GetInt32(1), r.GetString(2), r.Instant(3), r.GetInt32(4) != 0, r.GetString(5), r.Instant(6), r.GetString(7));
}
