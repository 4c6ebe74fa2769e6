using Beacon.Alerting.Audit;
using Beacon.Collectors.Pipeline;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>The two ledgers: what was received and stored, what was evaluated; and what an administrator decides about windows.</summary>
internal static class LedgerEndpoints
{
    /// <param name="Start">Start of the window.</param>
    internal sealed record Retry(DateTimeOffset Start);

    /// <param name="Before">Windows that begin before it are given up.</param>
    internal sealed record Abandon(DateTimeOffset Before, string Reason = "");

    /// <param name="Windows">How many were given up.</param>
    internal sealed record Abandoned(long Windows);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/ledger/loss", async (LossLedger ledger, string? source, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
            Results.Ok(await ledger.MinutesAsync(source, new TimeRange(from, to), cancellation))).WithSummary("The loss ledger by source and minute").Answers<IReadOnlyList<LedgerRow>>().Where("source", "Only of this source, by id.");
        read.MapGet("/ledger/evaluation", async (ILedgerView ledger, int hours = 24, CancellationToken cancellation = default) =>
            hours is < 1 or > 8_760 ? ApiEndpoints.Problem(400, "hours is 1 to 8760") : Results.Ok(await ledger.SummariseAsync(TimeSpan.FromHours(hours), cancellation))).WithSummary("What share of each scheduled rule's windows was evaluated, and the gaps").Answers<IReadOnlyList<LedgerSummary>>();
        read.MapGet("/ledger/evaluation/{rule}", async (string rule, ILedgerView ledger, int limit = 100, CancellationToken cancellation = default) =>
            limit is < 1 or > 1_000 ? ApiEndpoints.Problem(400, "limit is 1 to 1000") : Results.Ok(await ledger.WindowsAsync(rule, limit, cancellation))).WithSummary("Looks of a rule, newest window first, revisions behind their window").Answers<IReadOnlyList<LedgerWindow>>().Pages(1_000);
        operate.MapPost("/ledger/evaluation/{rule}/retry", async (string rule, Retry body, ILedgerView ledger, CancellationToken cancellation) =>
            await ledger.RetryAsync(rule, body.Start, cancellation) ? Results.NoContent() : ApiEndpoints.Problem(404, "no failed window of the rule begins then")).WithSummary("Makes a failed window due now: {start}").Takes("""{"start":"2026-11-24T14:05:00Z"}""").AnswersNothing();
        operate.MapPost("/ledger/evaluation/{rule}/abandon", async (string rule, Abandon body, HttpContext http, ILedgerView ledger, IAuditTrail audit, CancellationToken cancellation) =>
        {
            var by = http.User.Actor().Name;
            var windows = await ledger.AbandonAsync(rule, body.Before, by, cancellation);
            await audit.AppendAsync(new AuditRecord(by, "ledger.abandon", "rule:" + rule, After: $"{windows} windows before {body.Before.UtcDateTime:O}", Reason: body.Reason), cancellation);
            return Results.Ok(new Abandoned(windows));
        }).RequireAuthorization(Policies.Administer).WithSummary("Gives up what is still to be made up and begins before an instant: {before, reason}; an administrator's").Takes("""{"before":"2026-11-24T00:00:00Z","reason":"the store was restored"}""").Answers<Abandoned>();
    }
}
