using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Audit.Verification;

internal sealed class AuditVerification : IVerification
{
    private const string Name = "audit";

    public IEnumerable<VerifiedRecord> Verify(DbConnection connection, CancellationToken cancellation)
    {
        var result = AuditTrail.Verify(connection, cancellation);
        yield return new VerifiedRecord(Name, result.Checked, result.FirstBroken is { } broken ? (Phrase)$"entry {broken} of the audit trail is missing, changed, or does not follow the one before it" : null, result.Head);
    }

    public IEnumerable<ChainHead> HeadsSince(DbConnection connection, long since) =>
        connection.Query("SELECT sequence, hash FROM alerting_audit ORDER BY sequence DESC LIMIT 1", r => new ChainHead(Name, r.GetInt64(0), r.GetString(1)));

    public string? HashAt(DbConnection connection, string chain, long sequence) =>
        chain == Name ? connection.Query("SELECT hash FROM alerting_audit WHERE sequence = @p0", r => r.GetString(0), sequence).FirstOrDefault() ?? "" : null;
}
