using Beacon.Detections.Rules.Drafts;

namespace Beacon.Web.Api;

/// <summary>A rule made of a query.</summary>
internal static class DraftEndpoints
{
    internal sealed record DraftBody(string? Q, string? Title, string? Source);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapPost("/rules/draft", (DraftBody body) =>
        {
            var source = DraftSource.Find(body.Source ?? "linux");
            if (source is null) return ApiEndpoints.Problem(400, $"source is one of {string.Join(", ", DraftSource.All.Select(s => s.Id))}");
            var draft = RuleDraft.Of(body.Q ?? "", body.Title ?? "", source, Guid.NewGuid());
            return draft.Fault is { } fault ? ApiEndpoints.Problem(400, $"q, character {fault.Position + 1}: {fault.Message}") : Results.Ok(new { yaml = draft.Yaml });
        }).WithSummary("A Sigma rule that finds what a query finds; nothing is saved");
    }
}
