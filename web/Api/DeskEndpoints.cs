using Beacon.Alerting.Alerts.Bulk;
using Beacon.Alerting.Desks;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>What a person keeps at the desk: named views, what changed since the last look, notes at the change of shift; and one decision about several alerts.</summary>
internal static class DeskEndpoints
{
    internal sealed record ViewBody(string? Page, string? Name, string? Query, int Version = 0);
    internal sealed record SeenBody(DateTimeOffset At);
    internal sealed record NoteBody(string? Note);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        operate.MapPost("/alerts/bulk", async (BulkRequest body, HttpContext http, IAlertBulk bulk, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await bulk.RunAsync(body with { Reason = body.Reason ?? "" }, http.User.Actor(), cancellation))).WithSummary("One decision about several alerts; each is done or refused by itself").Takes("""{"act":"Dismiss","alerts":[{"id":17,"version":3},{"id":18,"version":1}],"reason":"known scanner","disposition":"Benign","cause":"AuthorisedTest"}""").Answers<BulkResult>();

        read.MapGet("/views", async (string page, HttpContext http, IViewService views, CancellationToken cancellation) => Results.Ok(await views.ListAsync(page, http.User.Actor(), cancellation))).WithSummary("Your saved views of a page: live or search").Answers<IReadOnlyList<SavedView>>().Where("page", "live or search.");
        read.MapPost("/views", async (ViewBody body, HttpContext http, IViewService views, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await views.CreateAsync(body.Page ?? "", body.Name ?? "", body.Query ?? "", http.User.Actor(), cancellation))).WithSummary("Saves a view").Takes("""{"page":"live","name":"Mine","query":"?owner=ana"}""").Answers<SavedView>().Refuses(409);
        read.MapPut("/views/{id:long}", async (long id, ViewBody body, HttpContext http, IViewService views, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await views.ChangeAsync(id, body.Version, body.Name ?? "", body.Query ?? "", http.User.Actor(), cancellation))).WithSummary("Changes one of your views").Takes("""{"name":"Mine, grave","query":"?owner=ana&atLeast=High","version":1}""").Answers<SavedView>();
        read.MapDelete("/views/{id:long}", async (long id, int version, HttpContext http, IViewService views, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await views.RemoveAsync(id, version, http.User.Actor(), cancellation))).WithSummary("Removes one of your views").Answers<SavedView>();

        read.MapGet("/away", async (HttpContext http, IAwayService away, CancellationToken cancellation) => Results.Ok(await away.SinceLastLookAsync(http.User.Actor(), cancellation))).WithSummary("What changed since your last look, by kind").Answers<AwaySummary>();
        read.MapPost("/away/seen", async (SeenBody body, HttpContext http, IAwayService away, CancellationToken cancellation) =>
        {
            await away.SeenAsync(http.User.Actor(), body.At, cancellation);
            return Results.NoContent();
        }).WithSummary("You have seen how things stand at an instant").Takes("""{"at":"2026-11-24T14:05:18Z"}""").AnswersNothing();

        read.MapGet("/shifts", async (IShiftNotes notes, int limit = 20, CancellationToken cancellation = default) =>
            limit is < 1 or > 100 ? ApiEndpoints.Problem(400, "limit is 1 to 100") : Results.Ok(await notes.ListAsync(limit, cancellation))).WithSummary("Hand-over notes, newest first").Answers<IReadOnlyList<ShiftNote>>().Pages(100);
        read.MapGet("/shifts/draft", async (HttpContext http, IShiftNotes notes, CancellationToken cancellation) => Results.Ok(await notes.DraftAsync(http.User.Actor(), cancellation))).WithSummary("What would stand in a hand-over written now").Answers<ShiftNote>();
        read.MapGet("/shifts/{id:long}", async (long id, IShiftNotes notes, CancellationToken cancellation) => ApiEndpoints.Found(await notes.FindAsync(id, cancellation))).WithSummary("One hand-over note").Answers<ShiftNote>();
        operate.MapPost("/shifts", async (NoteBody body, HttpContext http, IShiftNotes notes, CancellationToken cancellation) => ApiEndpoints.Answer(await notes.WriteAsync(body.Note ?? "", http.User.Actor(), cancellation))).WithSummary("Writes a hand-over note, with what is open now").Takes("""{"note":"A-17 waits for the network team."}""").Answers<ShiftNote>();
        operate.MapPost("/shifts/{id:long}/read", async (long id, HttpContext http, IShiftNotes notes, CancellationToken cancellation) => ApiEndpoints.Answer(await notes.ReadAsync(id, http.User.Actor(), cancellation))).WithSummary("Says that you have read a hand-over note").Answers<ShiftNote>().Refuses(409);
    }
}
