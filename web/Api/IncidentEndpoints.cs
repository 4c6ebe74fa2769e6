using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

internal static class IncidentEndpoints
{
    internal sealed record NewNote(string Text);
    internal sealed record StartRun(string PlaybookId, Dictionary<string, string>? Variables, RunMode? Mode, RunRecording? Recording);
    internal sealed record StepAction(int Version, StepResult? Result, string? Note, Dictionary<string, string>? Outputs);
    internal sealed record RunAction(int Version, string? Reason);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/incidents", async (IIncidentService incidents, string? text, int offset = 0, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 || offset < 0 ? ApiEndpoints.Problem(400, "limit is 1 to 500, offset 0 or more") : Results.Ok(await incidents.ListAsync(new IncidentQuery { Text = text, Offset = offset, Limit = limit }, cancellation))).WithSummary("Incidents, newest first").Answers<IncidentPage>().Pages(500);
        read.MapGet("/incidents/{id:long}", async (long id, IIncidentService incidents, CancellationToken cancellation) => ApiEndpoints.Found(await incidents.FindAsync(id, cancellation))).WithSummary("One incident with its alerts and entities").Answers<IncidentDetail>();
        read.MapGet("/incidents/{id:long}/timeline", async (long id, IIncidentService incidents, long after = 0, int limit = 500, CancellationToken cancellation = default) =>
            limit is < 1 or > 1_000 ? ApiEndpoints.Problem(400, "limit is 1 to 1000") : Results.Ok(await incidents.TimelineAsync(id, after, limit, cancellation))).WithSummary("The hash-chained timeline").Answers<IReadOnlyList<TimelineEntry>>().Pages(1_000);
        read.MapGet("/incidents/{id:long}/timeline/verify", async (long id, IIncidentService incidents, CancellationToken cancellation) => Results.Ok(await incidents.VerifyTimelineAsync(id, cancellation))).WithSummary("Verifies the timeline's chain").Answers<ChainVerification>();
        read.MapGet("/incidents/{id:long}/playbooks", async (long id, IIncidentService incidents, IPlaybookLibrary library, CancellationToken cancellation) =>
            await incidents.FindAsync(id, cancellation) is not { } incident ? ApiEndpoints.Problem(404, "there is no such incident")
            : Results.Ok(library.Offer(new PlaybookNeed(incident.Techniques, incident.Warning?.Category ?? "", [.. incident.Alerts.Select(a => a.RuleId).Distinct()])))).WithSummary("Playbooks that fit, best first").Answers<IReadOnlyList<PlaybookOffer>>();
        operate.MapPost("/incidents/{id:long}/notes", async (long id, NewNote body, HttpContext http, IIncidentService incidents, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await incidents.AddNoteAsync(id, body.Text ?? "", http.User.Actor(), cancellation))).WithSummary("Adds a note to the timeline").Takes("""{"text":"Called the plant: nobody works on it."}""").Answers<TimelineEntry>();

        read.MapGet("/runs", async (IPlaybookEngine engine, long? incident, bool open = false, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 ? ApiEndpoints.Problem(400, "limit is 1 to 500") : Results.Ok(await engine.ListAsync(incident, open, limit, cancellation))).WithSummary("Playbook runs, newest first").Answers<IReadOnlyList<RunSummary>>().Pages(500).Where("open", "Only those that have not ended.");
        read.MapGet("/runs/{id}", async (string id, IPlaybookEngine engine, CancellationToken cancellation) => ApiEndpoints.Found(await engine.FindAsync(id, cancellation))).WithSummary("One run with its steps").Answers<RunDetail>();
        operate.MapPost("/incidents/{id:long}/runs", async (long id, StartRun body, HttpContext http, IPlaybookEngine engine, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await engine.StartAsync(new RunRequest(body.PlaybookId ?? "", id, body.Variables, body.Mode ?? RunMode.Live, body.Recording), http.User.Actor(), cancellation))).WithSummary("Starts a playbook for an incident: for real, dry, or as a drill").Takes("""{"playbookId":"playbook--76cc9918-ad36-4e37-9287-db894c00fb68","mode":"DryRun","variables":{}}""").Answers<RunSummary>().Refuses(409);
        operate.MapPost("/runs/{id}/steps/{step}/{action}", async (string id, string step, string action, StepAction body, HttpContext http, IPlaybookEngine engine, CancellationToken cancellation) =>
        {
            var actor = http.User.Actor();
            return action switch
            {
                "complete" => ApiEndpoints.Answer(await engine.CompleteAsync(id, step, body.Version, body.Result ?? StepResult.Done, body.Note ?? "", actor, body.Outputs, cancellation)),
                "retry" => ApiEndpoints.Answer(await engine.RetryAsync(id, step, body.Version, actor, body.Note ?? "", cancellation)),
                "skip" => ApiEndpoints.Answer(await engine.SkipAsync(id, step, body.Version, actor, body.Note ?? "", cancellation)),
                "approve" => ApiEndpoints.Answer(await engine.ApproveAsync(id, step, body.Version, actor, body.Note ?? "", cancellation)),
                "refuse" => ApiEndpoints.Answer(await engine.RefuseAsync(id, step, body.Version, actor, body.Note ?? "", cancellation)),
                _ => ApiEndpoints.Problem(404, "actions are complete, retry, skip, approve, refuse"),
            };
        }).WithSummary("Completes, retries, skips, approves or refuses a step").Takes("""{"version":4,"result":"Done","note":"blocked at the firewall"}""").Answers<RunSummary>();
        operate.MapPost("/runs/{id}/{action}", async (string id, string action, RunAction body, HttpContext http, IPlaybookEngine engine, CancellationToken cancellation) =>
        {
            var actor = http.User.Actor();
            return action switch
            {
                "pause" => ApiEndpoints.Answer(await engine.PauseAsync(id, body.Version, actor, body.Reason ?? "", cancellation)),
                "resume" => ApiEndpoints.Answer(await engine.ResumeAsync(id, body.Version, actor, body.Reason ?? "", cancellation)),
                "cancel" => ApiEndpoints.Answer(await engine.CancelAsync(id, body.Version, actor, body.Reason ?? "", cancellation)),
                _ => ApiEndpoints.Problem(404, "actions are pause, resume, cancel"),
            };
        }).WithSummary("Pauses, resumes or cancels a run").Takes("""{"version":4,"reason":"waits for the plant"}""").Answers<RunSummary>();
    }
}
