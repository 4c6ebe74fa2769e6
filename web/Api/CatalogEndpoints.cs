using Beacon.Alerting.Audit;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Sources, storage and the audit trail.</summary>
internal static class CatalogEndpoints
{
    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/sources", async (SourceService sources, LossLedger ledger, TimeProvider clock, CancellationToken cancellation) =>
        {
            var now = clock.GetUtcNow();
            var totals = await ledger.TotalsAsync(new TimeRange(now.AddDays(-1), now.AddMinutes(1)), cancellation);
            return Results.Ok(new { sources = sources.Statuses, totals, inFlight = ledger.InFlight });
        }).WithSummary("Sources, with received = stored + quarantined + dropped over 24 hours");
        read.MapGet("/store", async (IEventStore store, CancellationToken cancellation) => Results.Ok(await store.StatusAsync(cancellation))).WithSummary("What the event store holds");
        read.MapGet("/audit", async (IAuditTrail audit, string? actor, string? action, long? before, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 1_000 ? ApiEndpoints.Problem(400, "limit is 1 to 1000") : Results.Ok(await audit.QueryAsync(new AuditQuery { Actor = actor, Action = action, Before = before, Limit = limit }, cancellation))).RequireAuthorization(Policies.Administer).WithSummary("The audit trail, newest first");
        read.MapGet("/audit/verify", async (IAuditTrail audit, CancellationToken cancellation) => Results.Ok(await audit.VerifyAsync(cancellation))).RequireAuthorization(Policies.Administer).WithSummary("Verifies the audit trail's chain");
    }
}
