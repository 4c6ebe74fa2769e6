using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Alerts: list, read, and work on one. A change names the version that it was made from; a stale one is 409.</summary>
internal static class AlertEndpoints
{
    internal sealed record AlertAction(int Version, string? Reason, string? Owner, Disposition? Disposition, DispositionCause? Cause, DateTimeOffset? Until);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/alerts", async (IAlertService alerts, AlertStatus? status, Severity? atLeast, string? owner, string? rule, string? text, bool? shelved, long? incident, int offset = 0, int limit = 100, CancellationToken cancellation = default) =>
        {
            if (limit is < 1 or > AlertQuery.MaxLimit || offset < 0) return ApiEndpoints.Problem(400, $"limit is 1 to {AlertQuery.MaxLimit}, offset 0 or more");
            var page = await alerts.ListAsync(new AlertQuery { Statuses = status is { } s ? [s] : null, AtLeast = atLeast, Owner = owner, RuleId = rule, Text = text, Shelved = shelved, IncidentId = incident, Offset = offset, Limit = limit }, cancellation);
            return Results.Ok(page);
        }).WithSummary("Alerts, most urgent first").Answers<AlertPage>().Pages(AlertQuery.MaxLimit);
        read.MapGet("/alerts/{id:long}", async (long id, IAlertService alerts, CancellationToken cancellation) => ApiEndpoints.Found(await alerts.FindAsync(id, cancellation))).WithSummary("One alert with its evidence").Answers<AlertDetail>();
        read.MapGet("/alerts/load", async (IAlertService alerts, CancellationToken cancellation) => Results.Ok(await alerts.MeasureLoadAsync(cancellation))).WithSummary("Alarm load after ISA-18.2").Answers<AlarmLoad>();
        read.MapGet("/alerts/load/report", async (IAlertService alerts, CancellationToken cancellation) => Results.Ok(await alerts.ReportLoadAsync(cancellation))).WithSummary("Every measure of the alarm load, by operator, and the rules to tune").Answers<AlarmReport>();

        operate.MapPost("/alerts/{id:long}/{action}", async (long id, string action, AlertAction body, HttpContext http, IAlertService alerts, CancellationToken cancellation) =>
        {
            var actor = http.User.Actor();
            var reason = body.Reason ?? "";
            return action switch
            {
                "acknowledge" => ApiEndpoints.Answer(await alerts.AcknowledgeAsync(id, body.Version, actor, reason, cancellation)),
                "assign" => ApiEndpoints.Answer(await alerts.AssignAsync(id, body.Version, body.Owner, actor, reason, cancellation)),
                "escalate" => ApiEndpoints.Answer(await alerts.EscalateAsync(id, body.Version, actor, reason, cancellation)),
                "dismiss" when body.Disposition is { } disposition => ApiEndpoints.Answer(await alerts.DismissAsync(id, body.Version, disposition, actor, reason, body.Cause ?? DispositionCause.Unstated, cancellation)),
                "shelve" when body.Until is { } until => ApiEndpoints.Answer(await alerts.ShelveAsync(id, body.Version, until, actor, reason, cancellation)),
                "unshelve" => ApiEndpoints.Answer(await alerts.UnshelveAsync(id, body.Version, actor, reason, cancellation)),
                "undo" => ApiEndpoints.Answer(await alerts.UndoAsync(id, body.Version, actor, cancellation)),
                "dismiss" => ApiEndpoints.Problem(400, "dismiss wants a disposition"),
                "shelve" => ApiEndpoints.Problem(400, "shelve wants a time in until"),
                _ => ApiEndpoints.Problem(404, "actions are acknowledge, assign, escalate, dismiss, shelve, unshelve, undo"),
            };
        }).WithSummary("Acknowledge, assign, escalate, dismiss, shelve, unshelve or undo").Takes("""{"version":3,"reason":"known scanner","disposition":"Benign","cause":"AuthorisedTest"}""").Answers<AlertSummary>();
    }
}
