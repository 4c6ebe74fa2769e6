using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Joining;
using Beacon.Alerting.Incidents.Observables;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Incidents.Work;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>What people do on an incident: edit, comments, tasks, entities, ties, hand-over, merge, split.</summary>
internal static class IncidentWorkEndpoints
{
    internal sealed record EditBody(int Version, string? Title, Severity? Severity, IncidentStatus? Status, string? Owner, string? Reason);
    internal sealed record CommentBody(string? Text, int Version = 0);
    internal sealed record TaskBody(string? Text, string? Assignee, DateTimeOffset? Due, string? Reason, int Version = 0, bool NoDue = false);
    internal sealed record EntityBody(EntityKind Kind, string? Value, string? Reason);
    internal sealed record LinkBody(long Incident, IncidentLinkKind Kind, string? Reason);
    internal sealed record HandOverBody(string? To, string? Note, int Version = 0);
    internal sealed record MergeBody(int Version, long Incident, int OtherVersion, string? Reason);
    internal sealed record MarkBody(int Version, ObservableMark Mark, string? Reason);
    internal sealed record SplitBody(int Version, long[]? Alerts, string? Title, string? Reason);

    internal static readonly Dictionary<string, ReportFormat?> Formats = new() { ["md"] = ReportFormat.Markdown, ["html"] = ReportFormat.Html, ["stix"] = ReportFormat.Stix };

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        var incident = operate.MapGroup("/incidents/{id:long}");
        incident.MapPatch("", async (long id, EditBody body, HttpContext http, IIncidentService incidents, CancellationToken cancellation) => ApiEndpoints.Answer(await incidents.EditAsync(
            id, body.Version, new IncidentEdit { Title = body.Title, Severity = body.Severity, Status = body.Status, Owner = body.Owner }, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Changes title, severity, status or owner; a conflict names both values").Takes("""{"version":5,"status":"Respond","owner":"ana","reason":"cut off at the switch"}""").Answers<IncidentSummary>();

        read.MapGet("/incidents/{id:long}/comments/{comment:long}", async (long id, long comment, IIncidentWork work, CancellationToken cancellation) => Results.Ok(await work.CommentHistoryAsync(id, comment, cancellation))).WithSummary("All versions of a comment").Answers<IReadOnlyList<IncidentComment>>();
        incident.MapPost("/comments", async (long id, CommentBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await work.CommentAsync(id, body.Text ?? "", http.User.Actor(), cancellation))).WithSummary("Adds a comment").Takes("""{"text":"The address is a hosting company's."}""").Answers<IncidentComment>();
        incident.MapPut("/comments/{comment:long}", async (long id, long comment, CommentBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await work.EditCommentAsync(id, comment, body.Version, body.Text ?? "", http.User.Actor(), cancellation))).WithSummary("Writes a new version of one's own comment").Takes("""{"version":1,"text":"The address is a VPN's."}""").Answers<IncidentComment>();

        incident.MapPost("/tasks", async (long id, TaskBody body, HttpContext http, IIncidentService incidents, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await incidents.AddTaskAsync(id, body.Text ?? "", body.Assignee, http.User.Actor(), body.Due, cancellation))).WithSummary("Adds a task").Takes("""{"text":"Ask the plant who was on site","assignee":"ana","due":"2026-11-24T16:00:00Z"}""").Answers<IncidentTask>();
        incident.MapPut("/tasks/{task:long}", async (long id, long task, TaskBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await work.EditTaskAsync(id, task, body.Version, new TaskEdit(body.Text, body.Assignee, body.NoDue ? DateTimeOffset.MinValue : body.Due), http.User.Actor(), cancellation))).WithSummary("Changes a task").Takes("""{"version":1,"text":"Ask the plant who was on site","assignee":"lin"}""").Answers<IncidentTask>();
        incident.MapPost("/tasks/{task:long}/{action}", async (long id, long task, string action, TaskBody body, HttpContext http, IIncidentService incidents, IIncidentWork work, CancellationToken cancellation) => action switch
        {
            "complete" => ApiEndpoints.Answer(await incidents.CompleteTaskAsync(id, task, http.User.Actor(), cancellation)),
            "reopen" => ApiEndpoints.Answer(await work.ReopenTaskAsync(id, task, body.Version, http.User.Actor(), body.Reason ?? "", cancellation)),
            _ => ApiEndpoints.Problem(404, "actions are complete, reopen"),
        }).WithSummary("Completes a task or opens it again").Takes("""{"version":1,"reason":"they call back"}""").Answers<IncidentTask>();

        incident.MapPost("/entities/{action}", async (long id, string action, EntityBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) => action switch
        {
            "add" => ApiEndpoints.Answer(await work.AddEntityAsync(id, new Entity(body.Kind, body.Value ?? ""), http.User.Actor(), body.Reason ?? "", cancellation)),
            "remove" => ApiEndpoints.Answer(await work.RemoveEntityAsync(id, new Entity(body.Kind, body.Value ?? ""), http.User.Actor(), body.Reason ?? "", cancellation)),
            _ => ApiEndpoints.Problem(404, "actions are add, remove"),
        }).WithSummary("Adds or removes a machine, account or address").Takes("""{"kind":"Host","value":"bas-01","reason":"the second hop"}""").Answers<IncidentSummary>().Refuses(409);
        incident.MapPost("/links/{action}", async (long id, string action, LinkBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) => action switch
        {
            "add" => ApiEndpoints.Answer(await work.LinkAsync(id, body.Incident, body.Kind, http.User.Actor(), body.Reason ?? "", cancellation)),
            "remove" => ApiEndpoints.Answer(await work.UnlinkAsync(id, body.Incident, http.User.Actor(), body.Reason ?? "", cancellation)),
            _ => ApiEndpoints.Problem(404, "actions are add, remove"),
        }).WithSummary("Ties it to another incident, or unties it").Takes("""{"incident":4,"kind":"CausedBy","reason":"the same address"}""").Answers<IncidentSummary>().Refuses(409);

        incident.MapPost("/handovers", async (long id, HandOverBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await work.HandOverAsync(id, body.Version, body.To ?? "", body.Note ?? "", http.User.Actor(), cancellation))).WithSummary("Offers the incident to another person").Takes("""{"version":5,"to":"lin","note":"the firewall team calls at six"}""").Answers<HandOver>();
        incident.MapPost("/handovers/{handOver:long}/acknowledge", async (long id, long handOver, HandOverBody body, HttpContext http, IIncidentWork work, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await work.AcknowledgeAsync(id, handOver, body.Note ?? "", http.User.Actor(), cancellation))).WithSummary("Takes over what was handed over to oneself").Takes("""{"note":"taken"}""").Answers<HandOver>();

        read.MapGet("/observables", async (IObservables observables, long? incident, string? value, int limit = 200, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 ? ApiEndpoints.Problem(400, "limit is 1 to 500") : Results.Ok(await observables.ListAsync(incident, value, limit, cancellation))).WithSummary("Addresses, domains, hashes … that incidents name").Answers<IReadOnlyList<Observable>>().Pages(500).Where("value", "Only this one.");
        operate.MapPost("/observables/{observable:long}/mark", async (long observable, MarkBody body, HttpContext http, IObservables observables, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await observables.MarkAsync(observable, body.Version, body.Mark, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Marks one as indicator, as ignored, or as neither").Takes("""{"version":1,"mark":"Indicator","reason":"seen in two incidents"}""").Answers<Observable>();

        // Writing a report is written down: for those who work on incidents.
        incident.MapGet("/report", async (long id, HttpContext http, IIncidentReports reports, string format = "md", string clearance = "TLP:AMBER", string language = "en", CancellationToken cancellation = default) =>
        {
            if (Formats.GetValueOrDefault(format) is not { } wanted) return ApiEndpoints.Problem(400, "format is md, html or stix");
            var outcome = await reports.WriteAsync(id, wanted, clearance, http.User.Actor(), language, cancellation);
            if (!outcome.Done) return ApiEndpoints.Answer(outcome);
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.File(System.Text.Encoding.UTF8.GetBytes(outcome.Value.Text), outcome.Value.MediaType + "; charset=utf-8", outcome.Value.Name);
        }).WithSummary("The post-incident report as Markdown, HTML or STIX 2.1, for a TLP circle").AnswersText("text/markdown", "# Incident report\n").Where("format", "md, html or stix.").Where("language", "en or zh-Hans; a STIX bundle is English.");

        incident.MapPost("/merge", async (long id, MergeBody body, HttpContext http, IIncidentJoining joining, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await joining.MergeAsync(id, body.Version, body.Incident, body.OtherVersion, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Takes another incident into this one").Takes("""{"version":5,"incident":4,"otherVersion":2,"reason":"the same attack"}""").Answers<IncidentSummary>();
        incident.MapPost("/split", async (long id, SplitBody body, HttpContext http, IIncidentJoining joining, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await joining.SplitAsync(id, body.Version, body.Alerts ?? [], body.Title, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Opens a new incident with some of its alerts").Takes("""{"version":5,"alerts":[18],"title":"Scan of the web server","reason":"another address"}""").Answers<IncidentSummary>();
    }
}
