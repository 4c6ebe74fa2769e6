using Beacon.Detections.Rules.Drafts;
using Beacon.Web.Api.Document;
using Beacon.Web.Rules;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Texts of rules that have faults yet. They are read by whoever reads rules, and deleted by an owner's or administrator's session.</summary>
internal static class UnfinishedEndpoints
{
    /// <param name="Id">Of the rule that it is to become, or whose newest text it is.</param>
    internal sealed record UnfinishedHead(string Id, string Title, DateTimeOffset At, string By);

    /// <param name="Text">At most as long as a rule's.</param>
    internal sealed record UnfinishedText(string Id, string Title, DateTimeOffset At, string By, string Text);

    private const string Head = """{"id":"5b0c3a52-7f1e-4d83-9a36-2c8b1f0e77d4","title":"Root Signs In","at":"2026-11-24T14:05:18Z","by":"ann"}""";

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/rules/unfinished", async (UnfinishedDrafts drafts, CancellationToken cancellation) =>
            Results.Ok((await drafts.ListAsync(cancellation)).Select(static d => new UnfinishedHead(d.Id, d.Title, d.At, d.By)))).WithSummary($"Drafts whose text has faults yet, the newest first; at most {UnfinishedDrafts.MaxDrafts}").Answers<IReadOnlyList<UnfinishedHead>>($"[{Head}]");
        read.MapGet("/rules/unfinished/{id}", async (string id, UnfinishedDrafts drafts, CancellationToken cancellation) =>
            ApiEndpoints.Found(await drafts.FindAsync(id, cancellation) is { } d ? new UnfinishedText(d.Id, d.Title, d.At, d.By, d.Text) : null)).WithSummary("One of them with its text").Answers<UnfinishedText>(Head[..^1] + ",\"text\":\"title: Root Signs In\\n\"}");
        read.MapDelete("/rules/unfinished/{id}", async (string id, HttpContext http, RuleDesk desk, string reason = "", CancellationToken cancellation = default) =>
            await desk.DropUnfinishedAsync(id, reason, http.User.Actor().Name, cancellation) is { } refusal ? ApiEndpoints.Problem(refusal.Kind == Alerting.RefusalKind.NotFound ? 404 : 400, refusal.Message.ToString()) : Results.NoContent())
            .RequireAuthorization(Policies.Own).WithSummary("Deletes one; the rule whose newest text it was stays as it is; reason is kept in the audit trail").AnswersNothing();
    }
}
