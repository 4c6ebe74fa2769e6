using Beacon.Detections.Backtests;
using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Rules;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>What a rule would have raised over stored events.</summary>
internal static class BacktestEndpoints
{
    /// <summary>Back-tests at once; one more is refused, since each may read all that is stored.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly SemaphoreSlim Running = new(AtOnce, AtOnce);

    /// <param name="Rule">Id of a rule of the catalog; or null, and <paramref name="Text"/> is tested.</param>
    /// <param name="Text">A rule's YAML that need not be saved.</param>
    internal sealed record BacktestRequest(string? Rule, string? Text, DateTimeOffset From, DateTimeOffset To);

    internal sealed record BacktestSpan(DateTimeOffset From, DateTimeOffset To);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/rules/backtest", RunAsync).RequireAuthorization(Policies.Try).WithSummary("What a rule would have raised: {rule or text, from, to}; by hour, with examples and cost. Nothing is changed").Takes("""{"rule":"0210d944-e45b-51cc-848b-dce47ada30c4","from":"2026-11-23T00:00:00Z","to":"2026-11-24T00:00:00Z"}""").Answers<BacktestAnswer>().Refuses(429);
        api.MapPost("/rules/{id}/backtest", (string id, BacktestSpan span, HttpContext http, RuleBench bench, RuleCatalog catalog, CancellationToken cancellation) => catalog.Find(id) is null
            ? Task.FromResult(ApiEndpoints.Problem(404, $"there is no rule {id}"))
            : RunAsync(new BacktestRequest(id, null, span.From, span.To), http, bench, cancellation)).RequireAuthorization(Policies.Try).WithSummary("What the rule would have raised: {from, to}; the rule's text counts as tried. Nothing else is changed").Takes("""{"from":"2026-11-23T00:00:00Z","to":"2026-11-24T00:00:00Z"}""").Answers<BacktestAnswer>().Refuses(429);
    }

    private static async Task<IResult> RunAsync(BacktestRequest request, HttpContext http, RuleBench bench, CancellationToken cancellation)
    {
        if (request is { Rule: null, Text: null } or { Rule: not null, Text: not null }) return ApiEndpoints.Problem(400, "give rule, the id of a rule, or text, its YAML");
        if (request.Text?.Length > RuleCatalog.MaxRuleLength) return ApiEndpoints.Problem(400, $"a rule has at most {RuleCatalog.MaxRuleLength} characters");
        if (!await Running.WaitAsync(TimeSpan.Zero, cancellation)) return ApiEndpoints.Problem(429, $"{AtOnce} back-tests are running; try again when one has ended");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var range = new TimeRange(request.From.ToUniversalTime(), request.To.ToUniversalTime());
            var report = request.Rule is { } id
                ? await bench.BacktestRuleAsync(id, range, http.User.Actor().Name, limit.Token)
                : await bench.BacktestAsync(request.Text!, range, http.User.Actor().Name, limit.Token);
            return Results.Ok(BacktestAnswer.Of(report));
        }
        catch (Exception refused) when (refused is BacktestException or EventQueryException)
        {
            return ApiEndpoints.Problem(400, refused.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ApiEndpoints.Problem(400, $"it took longer than {Limit.TotalMinutes:0} minutes: choose a shorter span");
        }
        finally
        {
            Running.Release();
        }
    }
}
