using Beacon.Detections.Rules.Drafts;
using Beacon.Web.Api.Document;

namespace Beacon.Web.Api;

/// <summary>A rule made of a query.</summary>
internal static class DraftEndpoints
{
    internal sealed record DraftBody(string? Q, string? Title, string? Source);

    internal sealed record DraftAnswer(string Yaml);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapPost("/rules/draft", (DraftBody body) =>
        {
            var source = DraftSource.Find(body.Source ?? "linux");
            if (source is null) return ApiEndpoints.Problem(400, $"source is one of {string.Join(", ", DraftSource.All.Select(s => s.Id))}");
            var draft = RuleDraft.Of(body.Q ?? "", body.Title ?? "", source, Guid.NewGuid());
            return draft.Fault is { } fault ? ApiEndpoints.Problem(400, $"q, character {fault.Position + 1}: {fault.Message}") : Results.Ok(new DraftAnswer(draft.Yaml!));
        }).WithSummary("A Sigma rule that finds what a query finds; nothing is saved").Takes("""{"q":"event.outcome:failure user.name:root","title":"Root fails to sign in","source":"linux"}""").Answers<DraftAnswer>("""{"yaml":"title: Root fails to sign in\n"}""");
    }
}
