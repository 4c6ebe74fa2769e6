using System.Data.Common;
using System.Text;
using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Audit;

internal sealed class AuditTrail(IStateDatabase database, TimeProvider time) : IAuditTrail
{
    private const string Columns = "sequence, at, actor, action, object, before_state, after_state, reason, previous_hash, hash";

    public Task<AuditEntry> AppendAsync(AuditRecord record, CancellationToken cancellation = default) =>
        database.WriteAsync(t => Append(t, record), cancellation);

    public AuditEntry Append(DbTransaction transaction, AuditRecord record)
    {
        var last = transaction.Query("SELECT sequence, hash FROM alerting_audit ORDER BY sequence DESC LIMIT 1", r => (r.GetInt64(0), r.GetString(1)));
        var (sequence, previous) = last.Count == 0 ? (0L, HashChain.Origin) : last[0];
        var entry = new AuditEntry(
            sequence + 1, StateTime.FromMicroseconds(StateTime.ToMicroseconds(time.GetUtcNow())),
            Text.Cut(record.Actor, Actor.MaxNameLength), Text.Cut(record.Action, 100), Text.Cut(record.Object, 400),
            Text.Cut(record.Before, IAuditTrail.MaxTextLength), Text.Cut(record.After, IAuditTrail.MaxTextLength),
            Text.Cut(record.Reason, IAuditTrail.MaxTextLength), previous, "");
        entry = entry with { Hash = HashOf(entry) };
        transaction.Execute($"INSERT INTO alerting_audit({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9)",
            entry.Sequence, entry.At, entry.Actor, entry.Action, entry.Object, entry.Before, entry.After, entry.Reason, entry.PreviousHash, entry.Hash);
        return entry;
    }

    public Task<IReadOnlyList<AuditEntry>> QueryAsync(AuditQuery query, CancellationToken cancellation = default)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM alerting_audit WHERE 1=1");
        var values = new List<object?>();
        void Where(string condition, object value)
        {
            sql.Append(" AND ").AppendFormat(System.Globalization.CultureInfo.InvariantCulture, condition, "@p" + values.Count);
            values.Add(value);
        }
        if (query.Actor is { } actor) Where("actor = {0}", actor);
        if (query.Action is { } action) Where("substr(action, 1, length({0})) = {0}", action);
        if (query.Object is { } target) Where("object = {0}", target);
        if (query.From is { } from) Where("at >= {0}", from);
        if (query.To is { } to) Where("at < {0}", to);
        if (query.Before is { } before) Where("sequence < {0}", before);
        sql.Append(" ORDER BY sequence DESC LIMIT ").Append(Math.Clamp(query.Limit, 1, 1_000));
        return database.ReadAsync<IReadOnlyList<AuditEntry>>(c => c.Query(sql.ToString(), Map, values.ToArray()), cancellation);
    }

    public Task<ChainVerification> VerifyAsync(CancellationToken cancellation = default) => database.ReadAsync(c => Verify(c, cancellation), cancellation);

    internal static ChainVerification Verify(DbConnection connection, CancellationToken cancellation) => ChainWalk.Verify((after, limit) => connection.Query(
        $"SELECT {Columns} FROM alerting_audit WHERE sequence > @p0 ORDER BY sequence LIMIT @p1",
        r => Map(r) is var e ? new ChainLink(e.Sequence, e.PreviousHash, e.Hash, HashOf(e)) : default, after, limit), cancellation);

    private static string HashOf(AuditEntry e) =>
        HashChain.Next(e.PreviousHash, e.Sequence, StateTime.ToMicroseconds(e.At), e.Actor, e.Action, e.Object, e.Before, e.After, e.Reason);

    private static AuditEntry Map(DbDataReader r) => new(
        r.GetInt64(0), r.Instant(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetString(8), r.GetString(9));
}
