using System.Data.Common;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>The chain of custody: appended within the transaction of what it tells of, never changed.</summary>
internal static class Custody
{
    private const string Columns = "sequence, at, evidence_id, incident_id, action, actor, note, sha256, size, previous_hash, hash";

    public static CustodyEntry Append(AlertingTransaction unit, EvidenceItem item, CustodyAction action, Actor actor, string note)
    {
        var last = unit.Db.Query("SELECT sequence, hash FROM alerting_custody ORDER BY sequence DESC LIMIT 1", r => (r.GetInt64(0), r.GetString(1)));
        var (sequence, previous) = last.Count == 0 ? (0L, HashChain.Origin) : last[0];
        var entry = new CustodyEntry(sequence + 1, unit.Now, item.Id, item.IncidentId, action, Text.Cut(actor.Name, Actor.MaxNameLength), Text.Cut(note, IIncidentEvidence.MaxText), item.Sha256, item.Size, previous, "");
        entry = entry with { Hash = HashOf(entry) };
        unit.Db.Execute($"INSERT INTO alerting_custody({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10)",
            entry.Sequence, entry.At, entry.EvidenceId, entry.IncidentId, entry.Action, entry.Actor, entry.Note, entry.Sha256, entry.Size, entry.PreviousHash, entry.Hash);
        return entry;
    }

    /// <summary>Evidence goes with its incident when that is merged.</summary>
    public static int MoveAll(AlertingTransaction unit, IncidentSummary into, IncidentSummary from, Actor actor, string reason)
    {
        var items = unit.Db.Query(EvidenceTable.Select + " WHERE incident_id = @p0 ORDER BY id", EvidenceTable.Read, from.Id);
        foreach (var item in items)
        {
            unit.Db.Execute("UPDATE alerting_incident_evidence SET incident_id = @p1, version = version + 1 WHERE id = @p0", item.Id, into.Id);
            Append(unit, item with { IncidentId = into.Id }, CustodyAction.Moved, actor, $"from {from.Number} to {into.Number}: {reason}");
        }
        return items.Count;
    }

    public static List<CustodyEntry> Of(DbConnection c, long evidence, int limit = 10_000) => c.Query($"SELECT {Columns} FROM alerting_custody WHERE evidence_id = @p0 ORDER BY sequence LIMIT @p1", Read, evidence, limit);

    public static ChainVerification Verify(DbConnection c, CancellationToken cancellation) => ChainWalk.Verify((after, limit) => c.Query(
        $"SELECT {Columns} FROM alerting_custody WHERE sequence > @p0 ORDER BY sequence LIMIT @p1", r => Read(r) is var e ? new ChainLink(e.Sequence, e.PreviousHash, e.Hash, HashOf(e)) : default, after, limit), cancellation);

    private static string HashOf(CustodyEntry e) => HashChain.Next(
        e.PreviousHash, e.Sequence, StateTime.ToMicroseconds(e.At), e.EvidenceId, e.IncidentId, e.Action.ToString(), e.Actor, e.Note, e.Sha256, e.Size);

    private static CustodyEntry Read(DbDataReader r) => new(
        r.GetInt64(0), r.Instant(1), r.GetInt64(2), r.GetInt64(3), (CustodyAction)r.GetInt32(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetInt64(8), r.GetString(9), r.GetString(10));
}
