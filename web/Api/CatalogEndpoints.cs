using Beacon.Alerting.Audit;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Rules, sources, storage and the audit trail.</summary>
internal static class CatalogEndpoints
{
    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/rules", (RuleCatalog rules, string sort = "title") => RuleOrder.Sort(rules.Rules, sort) is { } sorted
            ? Results.Ok(new { rules = sorted, faults = rules.Faults })
            : ApiEndpoints.Problem(400, "sort is " + string.Join(", ", RuleOrder.Names))).WithSummary("All rules with their counts and cost, and what is wrong with rule files; sort is title, cost, matches, errors or lastMatch");
        read.MapGet("/rules/coverage", Coverage).WithSummary("The rules that are on, as a layer of the ATT&CK Navigator; domain is enterprise or ics");
        read.MapGet("/rules/{id}", (string id, RuleCatalog rules) => ApiEndpoints.Found(rules.Find(id))).WithSummary("One rule");
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

    private static IResult Coverage(RuleCatalog rules, string domain = "enterprise")
    {
        if (domain is not ("enterprise" or "ics")) return ApiEndpoints.Problem(400, "domain is enterprise or ics");
        var layer = new AttackLayer(domain == "ics" ? AttackDomain.Ics : AttackDomain.Enterprise, domain == "ics" ? "Beacon: ICS" : "Beacon: Enterprise",
            rules.Rules.Where(static r => r.Enabled).Select(static r => new LayerRule(r.Id, r.Title, r.Tags, r.BlindReason is not null)));
        using var json = new MemoryStream();
        layer.Write(json);
        return Results.Bytes(json.ToArray(), "application/json");
    }
}
