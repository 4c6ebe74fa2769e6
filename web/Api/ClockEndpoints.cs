using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Statutory clocks: what is due when and to whom, the reports, and the regimes.</summary>
internal static class ClockEndpoints
{
    internal sealed record ClockBody(string? Reason, string? Reference, string? Text, DateTimeOffset? At, string? Regime, int Version = 0);

    internal sealed record RulesEdit(ClockRules Rules, string? Reason);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/clocks", async (IClockService clocks, long? incident, CancellationToken cancellation) => Results.Ok(await clocks.ListAsync(incident, cancellation))).WithSummary("Reports that the law wants, the next due first").Answers<IReadOnlyList<StatutoryClock>>();
        read.MapGet("/clocks/{id:long}/report", async (long id, IClockService clocks, IReportWords words, string language = "en", CancellationToken cancellation = default) => words.Languages.Contains(language, StringComparer.OrdinalIgnoreCase)
            ? ApiEndpoints.Found(await clocks.DraftAsync(id, language, cancellation)) : ApiEndpoints.Problem(400, $"language is one of {string.Join(", ", words.Languages)}")).WithSummary("The report with what is known filled in, as Markdown").Answers<ReportDraft>().Where("language", "en or zh-Hans.");
        read.MapGet("/clocks/{id:long}/sent", async (long id, IClockService clocks, CancellationToken cancellation) =>
            await clocks.SentTextAsync(id, cancellation) is { } text ? Results.Text(text, "text/markdown; charset=utf-8") : ApiEndpoints.Problem(404, "no text of a sent report is kept")).WithSummary("The report as it was sent").AnswersText("text/markdown", "# Incident report\n");
        read.MapGet("/clocks/regimes", async (IClockBook book, CancellationToken cancellation) => Results.Ok(await book.CurrentAsync(cancellation))).WithSummary("The regimes in force").Answers<ClockRules>();
        read.MapGet("/clocks/regimes/history", async (IClockBook book, int limit = 20, CancellationToken cancellation = default) =>
            limit is < 1 or > 200 ? ApiEndpoints.Problem(400, "limit is 1 to 200") : Results.Ok(await book.HistoryAsync(limit, cancellation))).WithSummary("Versions of the regimes, newest first").Answers<IReadOnlyList<ClockRules>>().Pages(200);

        operate.MapPut("/clocks/regimes", async (RulesEdit body, HttpContext http, IClockBook book, CancellationToken cancellation) => body.Rules is null
            ? ApiEndpoints.Problem(400, "rules are wanted")
            : ApiEndpoints.Answer(await book.SaveAsync(body.Rules, http.User.Actor(), body.Reason ?? "", cancellation))).RequireAuthorization(Policies.Administer).WithSummary("Put new regimes in force").Answers<ClockRules>().Refuses(409);
        operate.MapPost("/incidents/{id:long}/awareness", async (long id, ClockBody body, HttpContext http, IClockService clocks, CancellationToken cancellation) => body.At is not { } at
            ? ApiEndpoints.Problem(400, "since when the incident is known is wanted in at")
            : ApiEndpoints.Answer(await clocks.AwareAsync(id, at, body.Regime, http.User.Actor(), body.Reason ?? "", cancellation))).WithSummary("Say since when an incident is known").Takes("""{"version":0,"at":"2026-11-24T13:41:00Z","reason":"the plant called","regime":"eu-nis2"}""").Answers<IReadOnlyList<StatutoryClock>>();
        operate.MapPost("/clocks/{id:long}/{action}", async (long id, string action, ClockBody body, HttpContext http, IClockService clocks, CancellationToken cancellation) =>
        {
            var actor = http.User.Actor();
            return action switch
            {
                "start" when body.At is { } at => ApiEndpoints.Answer(await clocks.StartAsync(id, body.Version, at, actor, body.Reason ?? "", cancellation)),
                "sent" => ApiEndpoints.Answer(await clocks.SentAsync(id, body.Version, body.At, body.Reference ?? "", body.Text, actor, cancellation)),
                "withdraw" => ApiEndpoints.Answer(await clocks.WithdrawAsync(id, body.Version, actor, body.Reason ?? "", cancellation)),
                "start" => ApiEndpoints.Problem(400, "start wants a time in at"),
                _ => ApiEndpoints.Problem(404, "actions are start, sent, withdraw"),
            };
        }).WithSummary("Start, sent or withdraw").Takes("""{"version":1,"at":"2026-11-24T15:00:00Z","reference":"NCSC-2291","text":"# Incident report"}""").Answers<StatutoryClock>();
    }
}
