using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Imports;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>The library: checking, importing, versions, pictures.</summary>
internal static class PlaybookEndpoints
{
    private const int MaxBytes = 1024 * 1024;

    internal sealed record Withdrawal(int Version, string? Reason);

    private const string Document = """{"type":"playbook","spec_version":"cacao-2.0","id":"playbook--76cc9918-ad36-4e37-9287-db894c00fb68","name":"Guessed password","created":"2026-11-24T20:00:00.000Z","modified":"2026-11-24T20:00:00.000Z","workflow_start":"start--5b3a1e6c-1c3f-4c0b-9d8e-3f0a5b7c9d11","workflow":{}}""";

    internal sealed record PlaybookList(IReadOnlyList<PlaybookInfo> Playbooks, IReadOnlyList<PlaybookFileFaults> Refused);

    /// <param name="Accepted">It can be imported.</param>
    /// <param name="Runs">Every step of it can be carried out here.</param>
    internal sealed record Verdict(bool Accepted, bool Runs, IReadOnlyList<PlaybookFault> Findings);

    public static void Map(RouteGroupBuilder read)
    {
        // What a playbook does, it does with Beacon's hands: who may run one may not therefore write one.
        var own = read.MapGroup("").RequireAuthorization(Policies.Own);
        read.MapGet("/playbooks", (IPlaybookLibrary library) => Results.Ok(new PlaybookList(library.All, library.Refused))).WithSummary("All playbooks, and the files refused with every fault").Answers<PlaybookList>();
        read.MapPost("/playbooks/check", async (HttpContext http, IPlaybookValidator validator, CancellationToken cancellation) =>
            await BodyAsync(http, cancellation) is not { } json ? TooLarge() : Results.Ok(Judge(validator.Check(json)))).WithSummary("Checks a CACAO 2.0 document without keeping it: everything found, with its JSON path").TakesRaw("application/json", Document).Answers<Verdict>();
        own.MapPost("/playbooks", async (HttpContext http, IPlaybookValidator validator, IPlaybookImports imports, int version = 0, string? reason = null, CancellationToken cancellation = default) =>
        {
            if (await BodyAsync(http, cancellation) is not { } json) return TooLarge();
            var faults = validator.Check(json).Where(f => f.Grade == FaultGrade.Faulty).ToList();
            return faults.Count > 0 ? Results.Problem($"the playbook has {faults.Count} faults, the first at {faults[0].Path}: {faults[0].Message}", statusCode: 400, extensions: new Dictionary<string, object?> { ["faults"] = faults })
                : ApiEndpoints.Answer(await imports.ImportAsync(json, version, http.User.Actor(), reason ?? "", cancellation));
        }).WithSummary("Imports a playbook as the next version of its id").TakesRaw("application/json", Document).Answers<PlaybookVersion>().Where("version", "The version it follows; 0 where there is none.");
        read.MapGet("/playbooks/{id}", async (string id, IPlaybookImports imports, int? version = null, CancellationToken cancellation = default) =>
            await imports.ExportAsync(id, version, cancellation) is { } json ? Results.Text(json, "application/json") : ApiEndpoints.Problem(404, "there is no such playbook")).WithSummary("A playbook's document, its secrets masked").Answers<JsonObject>(Document).Where("version", "An imported version; 0 is the library's file, the newest where it is left out.");
        read.MapGet("/playbooks/{id}/versions", async (string id, IPlaybookImports imports, CancellationToken cancellation) => Results.Ok(await imports.VersionsAsync(id, cancellation))).WithSummary("Imported versions, newest first").Answers<IReadOnlyList<PlaybookVersion>>();
        read.MapGet("/playbooks/{id}/times", async (string id, IRunTimes times, CancellationToken cancellation) => Results.Ok(await times.OfAsync(id, cancellation))).WithSummary("How long its runs and their steps usually took").Answers<UsualTimes>();
        read.MapGet("/playbooks/{id}/diff", async (string id, int from, int to, IPlaybookImports imports, CancellationToken cancellation) => ApiEndpoints.Answer(await imports.DiffAsync(id, from, to, cancellation))).WithSummary("What one version has otherwise than another, step by step").Answers<PlaybookDiff>();
        own.MapPost("/playbooks/{id}/withdraw", async (string id, Withdrawal body, HttpContext http, IPlaybookImports imports, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await imports.WithdrawAsync(id, body.Version, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Takes an imported playbook out of the library").Takes("""{"version":2,"reason":"the file is right again"}""").Answers<PlaybookVersion>();
        read.MapGet("/playbooks/{id}/graph.svg", (string id, HttpContext http, IPlaybookLibrary library) =>
            library.Graph(id) is { } graph ? Picture(http, PlaybookSvg.Render(graph, library.Find(id)?.Name ?? id, _ => null)) : ApiEndpoints.Problem(404, "there is no such playbook")).WithSummary("A playbook's path as a picture").AnswersText("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        read.MapGet("/runs/{id}/graph.svg", async (string id, HttpContext http, IPlaybookEngine engine, CancellationToken cancellation) =>
        {
            if (await engine.FindAsync(id, cancellation) is not { } run) return ApiEndpoints.Problem(404, "there is no such run");
            var states = run.Steps.ToDictionary(s => s.Summary.StepId, s => s.Summary.Status);
            return Picture(http, PlaybookSvg.Render(run.Graph, run.Summary.PlaybookName, s => states.TryGetValue(s, out var state) ? state : null));
        }).WithSummary("A run's path as a picture, with where it is").AnswersText("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    }

    private static Verdict Judge(IReadOnlyList<PlaybookFault> found) => new(found.All(f => f.Grade != FaultGrade.Faulty), found.All(f => f.Grade == FaultGrade.Told), found);

    private static IResult TooLarge() => ApiEndpoints.Problem(413, $"a playbook has at most {MaxBytes} bytes");

    private static IResult Picture(HttpContext http, string svg)
    {
        // Text of playbooks is others': opened by itself the picture runs and loads nothing.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return Results.Text(svg, "image/svg+xml; charset=utf-8");
    }

    /// <summary>The body, or null where it is too large.</summary>
    private static async Task<byte[]?> BodyAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.ContentLength > MaxBytes) return null;
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int n;
        while ((n = await http.Request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (kept.Length + n > MaxBytes) return null;
            kept.Write(buffer, 0, n);
        }
        return kept.ToArray();
    }
}
