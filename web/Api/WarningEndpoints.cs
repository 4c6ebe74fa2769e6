using Beacon.Alerting.Warnings;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

internal static class WarningEndpoints
{
    internal sealed record WarningAction(int Version, string? Reason, WarningLevel? Level, string? Tlp, string? Category, string? Authority, string? PlaybookId);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/warnings", async (IWarningService warnings, WarningLevel? atLeast, long? incident, int offset = 0, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 500 || offset < 0 ? ApiEndpoints.Problem(400, "limit is 1 to 500, offset 0 or more")
            : Results.Ok(await warnings.ListAsync(new WarningQuery { AtLeast = atLeast, IncidentId = incident, Offset = offset, Limit = limit }, cancellation))).WithSummary("Standing warnings and drafts, gravest first").Answers<IReadOnlyList<WarningSummary>>().Pages(500);
        read.MapGet("/warnings/{id:long}", async (long id, IWarningService warnings, CancellationToken cancellation) => ApiEndpoints.Found(await warnings.FindAsync(id, cancellation))).WithSummary("One warning with its clause, advice and steps").Answers<WarningDetail>();
        read.MapGet("/warnings/matrix", async (IWarningMatrices matrices, CancellationToken cancellation) => Results.Ok(await matrices.CurrentAsync(cancellation))).WithSummary("The grading matrix in force").Answers<WarningMatrix>();

        read.MapGet("/warnings/matrix/history", async (IWarningMatrices matrices, int limit = 20, CancellationToken cancellation = default) =>
            limit is < 1 or > 200 ? ApiEndpoints.Problem(400, "limit is 1 to 200") : Results.Ok(await matrices.HistoryAsync(limit, cancellation))).WithSummary("Versions of the matrix, newest first").Answers<IReadOnlyList<WarningMatrix>>().Pages(200);
        read.MapGet("/warnings/categories", () => Results.Ok(WarningCategories.All)).WithSummary("Kinds of warning").Answers<IReadOnlyList<string>>();

        operate.MapPut("/warnings/matrix", async (WarningMatrixEdit body, HttpContext http, IWarningMatrices matrices, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await matrices.SaveAsync(body.Matrix, http.User.Actor(), body.Reason ?? "", cancellation))).RequireAuthorization(Policies.Administer).WithSummary("Put a new matrix in force").Answers<WarningMatrix>().Refuses(409);
        operate.MapPost("/warnings/{id:long}/{action}", async (long id, string action, WarningAction body, HttpContext http, IWarningService warnings, CancellationToken cancellation) =>
        {
            var actor = http.User.Actor();
            var reason = body.Reason ?? "";
            return action switch
            {
                "issue" => ApiEndpoints.Answer(await warnings.IssueAsync(id, body.Version, actor, reason, cancellation)),
                "adjust" when body.Level is { } level => ApiEndpoints.Answer(await warnings.AdjustAsync(id, body.Version, level, actor, reason, cancellation)),
                "refuse" => ApiEndpoints.Answer(await warnings.RefuseProposalAsync(id, body.Version, actor, reason, cancellation)),
                "lift" => ApiEndpoints.Answer(await warnings.LiftAsync(id, body.Version, actor, reason, cancellation)),
                "acknowledge" => ApiEndpoints.Answer(await warnings.AcknowledgeAsync(id, actor, cancellation)),
                "edit" => ApiEndpoints.Answer(await warnings.EditAsync(id, body.Version, new WarningEdit(body.Tlp, body.Category, body.Authority, body.PlaybookId), actor, reason, cancellation)),
                "note" => ApiEndpoints.Answer(await warnings.NoteAsync(id, reason, actor, cancellation)),
                "adjust" => ApiEndpoints.Problem(400, "adjust wants a level"),
                _ => ApiEndpoints.Problem(404, "actions are issue, adjust, refuse, lift, acknowledge, edit, note"),
            };
        }).WithSummary("Issue, adjust, refuse, lift, acknowledge, edit or note").Takes("""{"version":2,"reason":"the plant confirms it","level":"Orange"}""").Answers<WarningSummary>();
    }

    internal sealed record WarningMatrixEdit(WarningMatrix Matrix, string? Reason);
}
