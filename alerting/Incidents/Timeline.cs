using System.Data.Common;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>An incident's timeline: appended within the transaction of what it tells of, never changed.</summary>
internal static class Timeline
{
    /// <summary>Longest text, UTF-16 units.</summary>
    public const int MaxText = 10_000;

    private const string Columns = "sequence, at, recorded_at, kind, actor, text, reference, previous_hash, hash";

    public static TimelineEntry Append(AlertingTransaction unit, long incidentId, DateTimeOffset time, TimelineKind kind, string actor, string text, string reference)
    {
        var last = unit.Db.Query("SELECT sequence, hash FROM alerting_timeline WHERE incident_id = @p0 ORDER BY sequence DESC LIMIT 1", r => (r.GetInt64(0), r.GetString(1)), incidentId);
        var (sequence, previous) = last.Count == 0 ? (0L, HashChain.Origin) : last[0];
        var entry = new TimelineEntry(
            sequence + 1, StateTime.FromMicroseconds(StateTime.ToMicroseconds(time)), unit.Now, kind, Text.Cut(actor, Actor.MaxNameLength),
            Text.Cut(text, MaxText), Text.Cut(reference, 300), previous, "");
        entry = entry with { Hash = HashOf(incidentId, entry) };
        unit.Db.Execute($"INSERT INTO alerting_timeline(incident_id, {Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9)",
            incidentId, entry.Sequence, entry.Time, entry.RecordedAt, entry.Kind, entry.Actor, entry.Text, entry.Reference, entry.PreviousHash, entry.Hash);
        return entry;
    }

    public static List<TimelineEntry> Read(DbConnection c, long incidentId, long after, int limit) => c.Query(
        $"SELECT {Columns} FROM alerting_timeline WHERE incident_id = @p0 AND sequence > @p1 ORDER BY sequence LIMIT @p2",
        r => new TimelineEntry(r.GetInt64(0), r.Instant(1), r.Instant(2), (TimelineKind)r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetString(8)),
        incidentId, after, limit);

    public static ChainVerification Verify(DbConnection c, long incidentId, CancellationToken cancellation = default) =>
        ChainWalk.Verify((after, limit) => [.. Read(c, incidentId, after, limit).Select(e => new ChainLink(e.Sequence, e.PreviousHash, e.Hash, HashOf(incidentId, e)))], cancellation);

    private static string HashOf(long incidentId, TimelineEntry e) => HashChain.Next(
        e.PreviousHash, incidentId, e.Sequence, StateTime.ToMicroseconds(e.Time), StateTime.ToMicroseconds(e.RecordedAt), e.Kind.ToString(), e.Actor, e.Text, e.Reference);
}
