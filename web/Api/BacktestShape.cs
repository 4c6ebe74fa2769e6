using Beacon.Detections.Backtests;

namespace Beacon.Web.Api;

/// <summary>A back-test as the API answers it and the command line prints it.</summary>
internal static class BacktestShape
{
    public static object Of(BacktestReport report) => new
    {
        from = report.Range.From.UtcDateTime, to = report.Range.To.UtcDateTime, report.Events, report.Candidates, tookMilliseconds = Math.Round(report.Took.TotalMilliseconds, 1), eventsPerSecond = Math.Round(report.EventsPerSecond),
        rules = report.Rules.Select(static r => new
        {
            id = r.RuleId, r.Title, r.Kind, level = r.Level.ToString().ToLowerInvariant(), r.BlindReason, r.Raised, r.Suppressed, r.Windows, r.Omitted,
            hours = r.Hours.Select(static h => new { start = h.Start.UtcDateTime, h.Count }), entities = r.Entities.Select(static e => new { e.Value, e.Count }),
            examples = r.Examples.Select(static e => new { time = e.Time.UtcDateTime, e.Summary, entity = e.Entity.Value, @event = e.EventId?.ToString() }),
        }),
    };
}
