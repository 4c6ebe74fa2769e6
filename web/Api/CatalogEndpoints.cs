using System.Text.Json.Nodes;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Incidents;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Rules, sources, storage and the audit trail.</summary>
internal static class CatalogEndpoints
{
    internal sealed record RuleList(IReadOnlyList<RuleView> Rules, IReadOnlyList<SigmaFault> Faults);

    /// <param name="Totals">By source, of the last 24 hours.</param>
    /// <param name="InFlight">Frames whose fate is not in the ledger yet.</param>
    internal sealed record SourceList(IReadOnlyList<SourceStatus> Sources, IReadOnlyDictionary<string, LedgerCounts> Totals, long InFlight);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/rules", (RuleCatalog rules, string sort = "title") => RuleOrder.Sort(rules.Rules, sort) is { } sorted
            ? Results.Ok(new RuleList([.. sorted], rules.Faults))
            : ApiEndpoints.Problem(400, "sort is " + string.Join(", ", RuleOrder.Names))).WithSummary("All rules with their counts and cost, and what is wrong with rule files; sort is title, cost, matches, errors or lastMatch").Answers<RuleList>().Where("sort", "title, cost, matches, errors or lastMatch.");
        read.MapGet("/rules/coverage", Coverage).WithSummary("The rules that are on, as a layer of the ATT&CK Navigator; domain is enterprise or ics").Answers<JsonObject>("""{"name":"Beacon: Enterprise","versions":{"layer":"4.5"},"domain":"enterprise-attack","techniques":[{"techniqueID":"T1110","score":4}]}""").Where("domain", "enterprise or ics.");
        read.MapGet("/rules/{id}", (string id, RuleCatalog rules) => ApiEndpoints.Found(rules.Find(id))).WithSummary("One rule").Answers<RuleView>();
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
