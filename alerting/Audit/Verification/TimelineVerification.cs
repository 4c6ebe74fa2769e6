using System.Data.Common;
using System.Globalization;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Audit.Verification;

internal sealed class TimelineVerification : IVerification
{
    private const string Prefix = "timeline ";

    public IEnumerable<VerifiedRecord> Verify(DbConnection connection, CancellationToken cancellation)
    {
        // Timelines without their incident are told of too: they are what is left where somebody removed it.
        var incidents = connection.Query(
            "SELECT t.incident_id, coalesce(i.number, '') FROM (SELECT DISTINCT incident_id FROM alerting_timeline) AS t LEFT JOIN alerting_incidents i ON i.id = t.incident_id ORDER BY t.incident_id",
            r => (Id: r.GetInt64(0), Number: r.GetString(1)));
        foreach (var (id, number) in incidents)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = number.Length > 0 ? number : string.Create(CultureInfo.InvariantCulture, $"incident {id}");
            var result = Timeline.Verify(connection, id, cancellation);
            var fault = result.FirstBroken is { } broken ? (Phrase)$"entry {broken} of the timeline of {name} is missing, changed, or does not follow the one before it"
                : number.Length == 0 ? (Phrase)$"the timeline of {name} stands without its incident" : null;
            yield return new VerifiedRecord(Prefix + name, result.Checked, fault, result.Head);
        }
    }

    public IEnumerable<ChainHead> HeadsSince(DbConnection connection, long since) => connection.Query(
        """
        SELECT i.number, t.sequence, t.hash FROM alerting_timeline t JOIN alerting_incidents i ON i.id = t.incident_id
        WHERE t.sequence = (SELECT max(l.sequence) FROM alerting_timeline l WHERE l.incident_id = t.incident_id)
          AND (@p0 = 0 OR EXISTS (SELECT 1 FROM alerting_changes c WHERE c.sequence > @p0 AND c.kind = @p1 AND c.object_id = CAST(i.id AS TEXT)))
        ORDER BY i.id
        """, r => new ChainHead(Prefix + r.GetString(0), r.GetInt64(1), r.GetString(2)), since, ChangeKind.Incident);

    public string? HashAt(DbConnection connection, string chain, long sequence) => !chain.StartsWith(Prefix, StringComparison.Ordinal) ? null : connection.Query(
        "SELECT t.hash FROM alerting_timeline t JOIN alerting_incidents i ON i.id = t.incident_id WHERE i.number = @p0 AND t.sequence = @p1", r => r.GetString(0), chain[Prefix.Length..], sequence).FirstOrDefault() ?? "";
}
