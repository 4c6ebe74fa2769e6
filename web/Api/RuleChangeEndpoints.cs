using Beacon.Alerting;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Sigma;
using Beacon.Web.Api.Document;
using Beacon.Web.Rules;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Changes of rules, by an owner's or administrator's session.</summary>
internal static class RuleChangeEndpoints
{
    internal sealed record RuleTextBody(string? Text, RuleStage? Stage, string? Reason, bool Confirm = false);

    /// <param name="Confirm">It may go live untried; with a reason.</param>
    internal sealed record RuleStageBody(RuleStage? Stage, string? Reason, bool Confirm = false);

    internal sealed record RuleCheckBody(string? Text);

    /// <param name="Rule">What the text is about; null where it can't be saved.</param>
    internal sealed record RuleCheckAnswer(bool Valid, RuleHead? Rule, IReadOnlyList<SigmaFault> Faults);

    private const string Example = """{"text":"title: Root Signs In\nid: 5b0c3a52-7f1e-4d83-9a36-2c8b1f0e77d4\n…","stage":"Staged","reason":"asked for by the plant","confirm":false}""";

    public static void Map(RouteGroupBuilder read)
    {
        read.MapPost("/rules/validate", Validate).RequireAuthorization(Policies.Try).WithSummary("What is wrong with a rule's text: {text}; nothing is saved").Takes("""{"text":"title: A\nid: …"}""").Answers<RuleCheckAnswer>();
        var own = read.MapGroup("").RequireAuthorization(Policies.Own);
        own.MapPost("/rules", CreateAsync).WithSummary("A new rule: {text, stage, reason}; stage is Draft, the default, Test or Staged").Takes(Example).Answers<RuleView>(status: 201).Refuses(409);
        own.MapPut("/rules/{id}", ReplaceAsync).WithSummary("Another text of one of the installation's rules: {text, stage, reason, confirm}, under the ETag that was read, in If-Match").Takes(Example).Answers<RuleView>().Refuses(409, 412, 428);
        own.MapPost("/rules/{id}/stage", MoveAsync).WithSummary("Moves a rule: {stage, reason, confirm}; into Live only tried, or confirmed with a reason").Takes("""{"stage":"Retired","reason":"the host is gone","confirm":false}""").Answers<RuleView>().Refuses(409);
        own.MapDelete("/rules/{id}", async (string id, HttpContext http, RuleDesk desk, string reason = "", CancellationToken cancellation = default) =>
        {
            var answer = await desk.DeleteAsync(id, reason, draftsOnly: true, http.User.Actor().Name, cancellation);
            return answer.Done ? Results.NoContent() : Refused(answer);
        }).WithSummary("Deletes a draft; reason is kept in the audit trail").AnswersNothing().Refuses(409);
    }

    private static IResult Validate(RuleCheckBody body, RuleCatalog rules)
    {
        if (TooLong(body.Text) is { } refused) return refused;
        var faults = rules.Check(body.Text ?? "");
        var head = rules.HeadOf(body.Text ?? "");
        return Results.Ok(new RuleCheckAnswer(head is not null, head, faults));
    }

    private static async Task<IResult> CreateAsync(RuleTextBody body, HttpContext http, RuleDesk desk, CancellationToken cancellation)
    {
        if (TooLong(body.Text) is { } refused) return refused;
        var answer = await desk.SaveAsync(new RuleSave(body.Text ?? "", body.Stage, null, body.Reason ?? ""), http.User.Actor().Name, cancellation);
        if (answer.Rule is not { } rule) return Refused(answer);
        http.Response.Headers.ETag = RuleEndpoints.Tag(rule);
        return Results.Created($"/api/v1/rules/{rule.Id}", rule);
    }

    private static async Task<IResult> ReplaceAsync(string id, RuleTextBody body, HttpContext http, RuleCatalog rules, RuleDesk desk, CancellationToken cancellation)
    {
        if (TooLong(body.Text) is { } refused) return refused;
        if (rules.Find(id) is not { } before) return ApiEndpoints.Problem(404, $"there is no rule {id}");
        if (http.Request.Headers.IfMatch is not [{ Length: > 2 } tag]) return ApiEndpoints.Problem(428, "If-Match names the ETag of the text that is replaced");
        if (tag != RuleEndpoints.Tag(before)) return ApiEndpoints.Problem(412, "somebody saved this rule meanwhile: read it again");
        if (rules.HeadOf(body.Text ?? "") is { } head && !head.Id.Equals(before.Id, StringComparison.OrdinalIgnoreCase)) return ApiEndpoints.Problem(400, $"the text is of the rule {head.Id}: the id of a rule stays as it is");
        var answer = await desk.SaveAsync(new RuleSave(body.Text ?? "", body.Stage, before.Revision, body.Reason ?? "", body.Confirm), http.User.Actor().Name, cancellation);
        if (answer.Rule is not { } rule) return Refused(answer);
        http.Response.Headers.ETag = RuleEndpoints.Tag(rule);
        return Results.Ok(rule);
    }

    private static async Task<IResult> MoveAsync(string id, RuleStageBody body, HttpContext http, RuleDesk desk, CancellationToken cancellation)
    {
        if (body.Stage is not { } stage || !Enum.IsDefined(stage)) return ApiEndpoints.Problem(400, "stage is " + string.Join(", ", Enum.GetNames<RuleStage>()));
        var answer = await desk.MoveAsync(id, stage, body.Reason ?? "", body.Confirm, http.User.Actor().Name, cancellation);
        return answer.Rule is { } rule ? Results.Ok(rule) : Refused(answer);
    }

    private static IResult? TooLong(string? text) => text?.Length > RuleCatalog.MaxRuleLength ? ApiEndpoints.Problem(413, $"a rule has at most {RuleCatalog.MaxRuleLength} characters") : null;

    /// <summary>Faults of the text with their lines, or the refusal.</summary>
    private static IResult Refused(RuleAnswer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            var status = refusal.Kind switch { RefusalKind.NotFound => 404, RefusalKind.Conflict => 409, RefusalKind.TooLarge => 413, _ => 400 };
            return answer.Untried.Count == 0 ? ApiEndpoints.Problem(status, refusal.Message.ToString()) : Results.Problem(refusal.Message.ToString(), statusCode: status, extensions: new Dictionary<string, object?> { ["untried"] = answer.Untried });
        }
        var first = answer.Faults.First(static f => f.Severity == FaultSeverity.Error);
        return Results.Problem($"line {first.Line}, column {first.Column}: {first.Message}", statusCode: 400, extensions: new Dictionary<string, object?> { ["faults"] = answer.Faults });
    }
}
