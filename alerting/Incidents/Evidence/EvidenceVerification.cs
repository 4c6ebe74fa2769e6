using System.Data.Common;
using System.Security.Cryptography;
using Beacon.Alerting.Audit.Verification;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Files of evidence against their hashes, and those against the chain of custody.</summary>
internal sealed class EvidenceVerification(EvidenceFiles files) : IVerification
{
    public IEnumerable<VerifiedRecord> Verify(DbConnection connection, CancellationToken cancellation)
    {
        // From custody, which is chained: a record that was taken away or written anew shows against it.
        var added = connection.Query(
            """
            SELECT c.evidence_id, c.sha256, c.size, e.sha256, e.size, coalesce(e.name, ''), e.removed_at,
              (SELECT count(*) FROM alerting_custody r WHERE r.evidence_id = c.evidence_id AND r.action = @p1) FROM alerting_custody c
            LEFT JOIN alerting_incident_evidence e ON e.id = c.evidence_id WHERE c.action = @p0 ORDER BY c.sequence
            """,
            r => (Id: r.GetInt64(0), Sha: r.GetString(1), Size: r.GetInt64(2), RecordSha: r.TextOrNull(3), RecordSize: r.IsDBNull(4) ? -1 : r.GetInt64(4), Name: r.GetString(5), Removed: !r.IsDBNull(6), RemovedInChain: r.GetInt64(7) > 0),
            CustodyAction.Added, CustodyAction.Removed);
        if (added.Count == 0) yield break;
        long count = 0;
        Phrase? fault = null;
        foreach (var item in added)
        {
            cancellation.ThrowIfCancellationRequested();
            Phrase name = $"evidence {item.Id} ({item.Name})";
            fault = item.RecordSha is null ? (Phrase)$"the record of {name} is missing"
                : item.RecordSha != item.Sha || item.RecordSize != item.Size ? (Phrase)$"the record of {name} differs from the chain of custody"
                : item.Removed != item.RemovedInChain ? (Phrase)$"whether {name} was removed differs from the chain of custody"
                : item.Removed ? null : FileFault(name, item.Sha);
            if (fault is not null) break;
            count++;
        }
        // A record that custody never heard of was put in.
        fault ??= connection.Query("SELECT id FROM alerting_incident_evidence WHERE id NOT IN (SELECT evidence_id FROM alerting_custody WHERE action = @p0) ORDER BY id LIMIT 1",
            r => (Phrase)$"evidence {r.GetInt64(0)} is not in the chain of custody", CustodyAction.Added).FirstOrDefault();
        yield return new VerifiedRecord("evidence", count, fault, "");
    }

    public IEnumerable<ChainHead> HeadsSince(DbConnection connection, long since) => [];

    public string? HashAt(DbConnection connection, string chain, long sequence) => null;

    private Phrase? FileFault(Phrase name, string sha)
    {
        try
        {
            using var file = File.OpenRead(files.PathOf(sha));
            return Convert.ToHexStringLower(SHA256.HashData(file)) == sha ? null : (Phrase)$"the file of {name} was changed: it no longer has the SHA-256 {sha}";
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or ArgumentException or Storage.RefusedException)
        {
            return $"the file of {name} is missing: {sha}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"the file of {name} can't be read: {unreadable.Message}";
        }
    }
}
