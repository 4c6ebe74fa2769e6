using Beacon.Alerting;
using Beacon.Alerting.Changes;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>The API under /api/v1. Reading asks for scope read, changing for scope operate; refusals are problem details (RFC 9457).</summary>
internal static class ApiEndpoints
{
    /// <param name="Next">Ask with this in after.</param>
    internal sealed record ChangesAfter(long Next, long Latest, IReadOnlyList<Change> Changes);

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").DisableAntiforgery();
        var read = api.MapGroup("").RequireAuthorization(Policies.Read);
        var operate = api.MapGroup("").RequireAuthorization(Policies.Operate);
        AlertEndpoints.Map(read, operate);
        DeskEndpoints.Map(read, operate);
        ExceptionEndpoints.Map(read, operate);
        ClockEndpoints.Map(read, operate);
        WarningEndpoints.Map(read, operate);
        IncidentEndpoints.Map(read, operate);
        IncidentWorkEndpoints.Map(read, operate);
        EvidenceEndpoints.Map(read, operate);
        PlaybookEndpoints.Map(read);
        DrillEndpoints.Map(read, operate);
        EventExport.Map(read);
        EventEndpoints.Map(read);
        DraftEndpoints.Map(read);
        RuleEndpoints.Map(read);
        RuleChangeEndpoints.Map(read);
        UnfinishedEndpoints.Map(read);
        CatalogEndpoints.Map(read);
        SilenceEndpoints.Map(read);
        AssetEndpoints.Map(read);
        LedgerEndpoints.Map(read, operate);
        BacktestEndpoints.Map(api);
        SecretEndpoints.Map(operate);
        NotificationEndpoints.Map(read, operate);
        PeopleEndpoints.Map(read);

        read.MapGet("/changes", async (IChangeFeed feed, long after = 0, int limit = 100, CancellationToken cancellation = default) =>
        {
            if (limit is < 1 or > IChangeFeed.MaxLimit) return Problem(400, $"limit is 1 to {IChangeFeed.MaxLimit}");
            var batch = await feed.ReadAfterAsync(after, limit, cancellation);
            return batch.TooOld ? Problem(410, $"changes after {after} are no longer kept: load afresh and go on from {batch.Latest}") : Results.Ok(new ChangesAfter(batch.Next, batch.Latest, batch.Changes));
        }).WithSummary("Changes behind a sequence number, oldest first").Answers<ChangesAfter>().Pages(IChangeFeed.MaxLimit).Refuses(410).Where("after", "The answer's `next`; 0 for the beginning.");
    }

    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    /// <summary>The value, or the refusal as problem details.</summary>
    public static IResult Answer<T>(Outcome<T> outcome) where T : class => outcome.Done
        ? Results.Ok(outcome.Value)
        : Problem(outcome.Refusal.Kind switch { RefusalKind.NotFound => 404, RefusalKind.Conflict => 409, RefusalKind.Forbidden => 403, RefusalKind.TooLarge => 413, RefusalKind.NoRoom => 507, _ => 400 }, outcome.Refusal.Message.ToString());

    public static IResult Found<T>(T? value) where T : class => value is null ? Problem(404, "there is no such object") : Results.Ok(value);
}
