using Beacon.Alerting.Audit;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Web.Api.Document;
using Beacon.Web.Drills;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Drills: what there is, running one beside the real work, and its report.</summary>
internal static class DrillEndpoints
{
    /// <param name="Lines">Log lines that it plays.</param>
    internal sealed record DrillEntry(string Name, string Title, string PlaybookId, string? PlaybookName, int Lines, string Level);

    internal sealed record DrillList(IReadOnlyList<DrillEntry> Drills, IReadOnlyDictionary<string, IReadOnlyList<string>> Refused);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/drills", (IDrillLibrary library) => Results.Ok(new DrillList([.. library.All.Select(d => new DrillEntry(d.Name, d.Title, d.PlaybookId, d.PlaybookName, d.Lines, d.Level))], library.Refused))).WithSummary("All drills, and the files refused with their faults").Answers<DrillList>();
        read.MapGet("/drills/runs", (DrillJobs jobs) => Results.Ok(jobs.All)).WithSummary("Drills run since the start, newest first, at most twenty").Answers<IReadOnlyList<DrillJob>>();
        read.MapGet("/drills/runs/{id}", (string id, DrillJobs jobs) => ApiEndpoints.Found(jobs.All.FirstOrDefault(j => j.Id == id))).WithSummary("One drill with its report").Answers<DrillJob>();
        operate.MapPost("/drills/{name}/run", async (string name, HttpContext http, IDrillLibrary library, DrillJobs jobs, IAuditTrail audit, CancellationToken cancellation) =>
        {
            if (library.Find(name) is null) return ApiEndpoints.Problem(404, "there is no such drill");
            var actor = http.User.Actor();
            if (jobs.Start(name, actor.Name) is not { } job) return ApiEndpoints.Problem(409, "a drill is under way: one at a time");
            await audit.AppendAsync(new AuditRecord(actor.Name, "drill.run", "drill:" + name, After: job.Id), cancellation);
            return Results.Accepted($"/api/v1/drills/runs/{job.Id}", job);
        }).WithSummary("Runs a drill in a process and folder of its own; nothing real is called, counted or told").Answers<DrillJob>(status: 202).Refuses(409);
    }
}
