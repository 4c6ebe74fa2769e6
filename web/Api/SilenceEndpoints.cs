using Beacon.Collectors.Sources;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;
using Beacon.Web.Sources;

namespace Beacon.Web.Api;

/// <summary>Silences of sources that somebody announced. Changes are an owner's or administrator's.</summary>
internal static class SilenceEndpoints
{
    internal sealed record SilenceBody(DateTimeOffset? Until, string? Reason);

    internal sealed record SilenceEnd(string? Reason);

    private const string Sample = """{"source":"syslog-udp","until":"2026-12-01T04:00:00Z","reason":"the plant stands still","by":"ann","at":"2026-11-30T20:00:00Z"}""";

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/sources/silences", (ExpectedSilences silences, TimeProvider clock, bool active = false) =>
        {
            var now = clock.GetUtcNow();
            return Results.Ok(silences.All.Where(s => !active || s.Until > now).OrderByDescending(s => s.Until).ThenBy(s => s.Source, StringComparer.Ordinal));
        }).WithSummary("Silences that were expected of sources: what was said last of each, the latest end first").Answers<IReadOnlyList<ExpectedSilence>>($"[{Sample}]");
        read.MapGet("/sources/{id}/silence", (string id, ExpectedSilences silences) => ApiEndpoints.Found(silences.Find(id))).WithSummary("What silence was said last to be expected of a source, over or not").Answers<ExpectedSilence>(Sample);
        var own = read.MapGroup("").RequireAuthorization(Policies.Own);
        own.MapPost("/sources/{id}/silence", async (string id, SilenceBody body, HttpContext http, SilenceDesk desk, CancellationToken cancellation) => body.Until is not { } until
            ? ApiEndpoints.Problem(400, "a silence wants its end in until") : ApiEndpoints.Answer(await desk.ExpectAsync(id, until, body.Reason ?? "", http.User.Actor().Name, cancellation)))
            .WithSummary("Says that a source is silent from now until an instant, in place of what was said before: {until, reason}").Takes("""{"until":"2026-12-01T04:00:00Z","reason":"the plant stands still"}""").Answers<ExpectedSilence>(Sample);
        own.MapPost("/sources/{id}/silence/end", async (string id, SilenceEnd body, HttpContext http, SilenceDesk desk, CancellationToken cancellation) => body.Reason?.Length > ExpectedSilence.MaxReason
            ? ApiEndpoints.Problem(400, $"a reason has at most {ExpectedSilence.MaxReason} characters")
            : await desk.EndAsync(id, body.Reason ?? "", http.User.Actor().Name, cancellation) ? Results.NoContent() : ApiEndpoints.Problem(404, "no silence is expected of such a source"))
            .WithSummary("Ends an expected silence before its time: the source is watched again; {reason} is kept in the audit trail").Takes("""{"reason":"it is heard again"}""").AnswersNothing();
    }
}
