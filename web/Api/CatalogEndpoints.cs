using Beacon.Alerting.Audit;
using Beacon.Alerting.Incidents;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Sources, storage and the audit trail.</summary>
internal static class CatalogEndpoints
{
    /// <param name="Totals">By source, of the last 24 hours.</param>
    /// <param name="InFlight">Frames whose fate is not in the ledger yet.</param>
    internal sealed record SourceList(IReadOnlyList<SourceStatus> Sources, IReadOnlyDictionary<string, LedgerCounts> Totals, long InFlight);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/sources", async (SourceService sources, LossLedger ledger, TimeProvider clock, CancellationToken cancellation) =>
        {
            var now = clock.GetUtcNow();
            var totals = await ledger.TotalsAsync(new TimeRange(now.AddDays(-1), now.AddMinutes(1)), cancellation);
            return Results.Ok(new SourceList(sources.Statuses, totals, ledger.InFlight));
        }).WithSummary("Sources, with received = stored + quarantined + dropped over 24 hours").Answers<SourceList>();
        read.MapGet("/store", async (IEventStore store, CancellationToken cancellation) => Results.Ok(await store.StatusAsync(cancellation))).WithSummary("What the event store holds").Answers<StoreStatus>();
        read.MapGet("/audit", async (IAuditTrail audit, string? actor, string? action, long? before, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 1_000 ? ApiEndpoints.Problem(400, "limit is 1 to 1000") : Results.Ok(await audit.QueryAsync(new AuditQuery { Actor = actor, Action = action, Before = before, Limit = limit }, cancellation))).RequireAuthorization(Policies.Administer).WithSummary("The audit trail, newest first").Answers<IReadOnlyList<AuditEntry>>().Pages(1_000);
        read.MapGet("/audit/verify", async (IAuditTrail audit, CancellationToken cancellation) => Results.Ok(await audit.VerifyAsync(cancellation))).RequireAuthorization(Policies.Administer).WithSummary("Verifies the audit trail's chain").Answers<ChainVerification>();
    }
}
