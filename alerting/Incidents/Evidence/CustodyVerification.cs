using System.Data.Common;
using Beacon.Alerting.Audit.Verification;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>The chain of custody.</summary>
internal sealed class CustodyVerification : IVerification
{
    private const string Name = "custody";

    public IEnumerable<VerifiedRecord> Verify(DbConnection connection, CancellationToken cancellation)
    {
        var result = Custody.Verify(connection, cancellation);
        if (result is { Checked: 0, Intact: true }) yield break;
        yield return new VerifiedRecord(Name, result.Checked, result.FirstBroken is { } broken ? (Phrase)$"entry {broken} of the chain of custody is missing, changed, or does not follow the one before it" : null, result.Head);
    }

    public IEnumerable<ChainHead> HeadsSince(DbConnection connection, long since) =>
        connection.Query("SELECT sequence, hash FROM alerting_custody ORDER BY sequence DESC LIMIT 1", r => new ChainHead(Name, r.GetInt64(0), r.GetString(1)));

    public string? HashAt(DbConnection connection, string chain, long sequence) =>
        chain == Name ? connection.Query("SELECT hash FROM alerting_custody WHERE sequence = @p0", r => r.GetString(0), sequence).FirstOrDefault() ?? "" : null;
}
