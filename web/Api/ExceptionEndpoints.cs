using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>What keeps detections from becoming alerts, and what gathers about entities and rules.</summary>
internal static class ExceptionEndpoints
{
    internal sealed record ExceptionBody(
        ExceptionKind? Kind, string? Rule, IReadOnlyList<ExceptionCondition>? Conditions, string? Owner, string? Reason, DateTimeOffset? StartsAt, DateTimeOffset? ExpiresAt, int Version = 0);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/exceptions", async (IExceptionService exceptions, string? rule, bool active = false, CancellationToken cancellation = default) =>
            Results.Ok(await exceptions.ListAsync(rule, active, cancellation))).WithSummary("Exceptions and suppressions, with what they hid").Answers<IReadOnlyList<ExceptionEntry>>().Where("rule", "Only of this rule, by id.");
        read.MapGet("/exceptions/{id:long}", async (long id, IExceptionService exceptions, CancellationToken cancellation) => ApiEndpoints.Found(await exceptions.FindAsync(id, cancellation))).WithSummary("One exception").Answers<ExceptionEntry>();
        read.MapGet("/exceptions/hidden", async (IExceptionService exceptions, long? id, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 ? ApiEndpoints.Problem(400, "limit is 1 to 500") : Results.Ok(await exceptions.HiddenAsync(id, limit, cancellation))).WithSummary("Detections that were hidden, newest first").Answers<IReadOnlyList<HiddenDetection>>().Pages(500).Where("id", "Only by this exception.");
        read.MapGet("/alerts/{id:long}/exception", async (long id, HttpContext http, IExceptionService exceptions, CancellationToken cancellation) =>
            ApiEndpoints.Found(await exceptions.ProposeAsync(id, http.User.Actor(), cancellation))).WithSummary("An exception that would hide the like of this alert").Answers<ExceptionDraft>();

        operate.MapPost("/exceptions", async (ExceptionBody body, HttpContext http, IExceptionService exceptions, CancellationToken cancellation) => body.ExpiresAt is null
            ? ApiEndpoints.Problem(400, "an exception wants a time in expiresAt")
            : ApiEndpoints.Answer(await exceptions.CreateAsync(Draft(body, http), http.User.Actor(), cancellation))).WithSummary("Make an exception or a suppression").Takes("""{"version":0,"kind":"Exception","rule":"0210d944-e45b-51cc-848b-dce47ada30c4","reason":"nightly backup","expiresAt":"2026-12-24T00:00:00Z","conditions":[{"field":"entity","operator":"Equal","values":["web-7"]}]}""").Answers<ExceptionEntry>();
        operate.MapPut("/exceptions/{id:long}", async (long id, ExceptionBody body, HttpContext http, IExceptionService exceptions, CancellationToken cancellation) => body.ExpiresAt is null
            ? ApiEndpoints.Problem(400, "an exception wants a time in expiresAt")
            : ApiEndpoints.Answer(await exceptions.ChangeAsync(id, body.Version, Draft(body, http), http.User.Actor(), cancellation))).WithSummary("Change one that stands").Takes("""{"version":2,"kind":"Exception","rule":"0210d944-e45b-51cc-848b-dce47ada30c4","reason":"nightly backup, until the new one","expiresAt":"2027-01-31T00:00:00Z","conditions":[{"field":"process.name","operator":"Wildcard","values":["backup*.exe"]}]}""").Answers<ExceptionEntry>();
        operate.MapPost("/exceptions/{id:long}/end", async (long id, ExceptionBody body, HttpContext http, IExceptionService exceptions, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await exceptions.EndAsync(id, body.Version, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("End one before its time").Takes("""{"version":2,"reason":"the old backup is gone"}""").Answers<ExceptionEntry>();

        read.MapGet("/risk", async (IRiskService risk, EntityKind? kind, string? entity, int limit = 20, CancellationToken cancellation = default) =>
        {
            if (limit is < 1 or > 200) return ApiEndpoints.Problem(400, "limit is 1 to 200");
            if (entity is null) return Results.Ok(await risk.TopAsync(limit, cancellation));
            return entity.Length is 0 or > Entity.MaxLength
                ? ApiEndpoints.Problem(400, $"an entity has 1 to {Entity.MaxLength} characters")
                : ApiEndpoints.Found(await risk.FindAsync(new Entity(kind ?? EntityKind.Host, entity), cancellation));
        }).WithSummary("The riskiest entities, or one of them").Answers<IReadOnlyList<EntityRisk>>().Pages(200).Where("kind", "What the entity is.").Where("entity", "One entity, by name or address: the answer is then the entity itself, not a list.").Refuses(404);
        read.MapGet("/rules/records", async (IAlertService alerts, string? rule, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 ? ApiEndpoints.Problem(400, "limit is 1 to 500") : Results.Ok(await alerts.RecordsAsync(rule, limit, cancellation))).WithSummary("How often rules were right").Answers<IReadOnlyList<RuleRecord>>().Pages(500).Where("rule", "Only of this rule, by id.");
    }

    private static ExceptionDraft Draft(ExceptionBody body, HttpContext http) => new(
        body.Kind ?? ExceptionKind.Exception, body.Rule, body.Conditions ?? [], body.Owner ?? http.User.Actor().Name, body.Reason ?? "", body.StartsAt, body.ExpiresAt!.Value);
}
