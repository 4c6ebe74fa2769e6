using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Runs;

internal sealed class RunTimes(AlertingDatabase database) : IRunTimes
{
    private const int LookedAt = 50;

    public Task<UsualTimes> OfAsync(string playbookId, CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        // A dry run takes no time, and one that was cancelled or failed says nothing of how long it takes.
        var runs = c.Query(
            $"SELECT id, started_at, ended_at FROM alerting_runs WHERE playbook_id = @p0 AND status = @p1 AND mode <> @p2 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT {LookedAt}",
            r => (Id: r.GetString(0), Took: r.Instant(2) - r.Instant(1)), playbookId, RunStatus.Completed, RunMode.DryRun);
        var steps = c.Query(
            $"""
            SELECT s.step_id, s.started_at, s.ended_at FROM alerting_run_steps s JOIN (
              SELECT id FROM alerting_runs WHERE playbook_id = @p0 AND status = @p1 AND mode <> @p2 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT {LookedAt}) r ON r.id = s.run_id
            WHERE s.status = @p3 AND s.started_at IS NOT NULL AND s.ended_at IS NOT NULL
            """, r => (Id: r.GetString(0), Took: r.Instant(2) - r.Instant(1)), playbookId, RunStatus.Completed, RunMode.DryRun, StepStatus.Succeeded);
        var drill = c.Query("SELECT max(ended_at) FROM alerting_runs WHERE playbook_id = @p0 AND mode = @p1", r => r.InstantOrNull(0), playbookId, RunMode.Drill);
        return new UsualTimes(runs.Count, runs.Count == 0 ? null : Middle(runs.Select(r => r.Took)), steps.GroupBy(s => s.Id).ToDictionary(g => g.Key, g => Middle(g.Select(s => s.Took))), drill is [{ } at] ? at : null);
    }, cancellation);

    private static TimeSpan Middle(IEnumerable<TimeSpan> spans)
    {
        var ordered = spans.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
