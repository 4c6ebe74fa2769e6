using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Queries;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Backtests;

/// <summary>Sigma rules and correlations over stored events: one pass for all of them.</summary>
internal sealed class SigmaBacktest(IEventStore store, RuleSet set, CorrelationSet correlations, SigmaPipelines? pipelines)
{
    public long Candidates { get; private set; }

    public async Task<IReadOnlyList<BacktestRule>> RunAsync(TimeRange range, CancellationToken cancellation)
    {
        var queries = set.Rules.Where(static r => r.BlindReason is null).Select(r => RuleQuery.Of(r.Rule, pipelines)).ToList();
        var tallies = new Dictionary<string, BacktestTally>(StringComparer.OrdinalIgnoreCase);
        var omitted = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var run = new CorrelationRun(correlations);
        if (queries.Count > 0)
        {
            var matches = new List<CompiledRule>();
            var faulted = new List<CompiledRule>();
            var filter = queries.Count == 1 ? queries[0].Filter : new OrFilter([.. queries.Select(static q => q.Filter)]);
            await foreach (var batch in store.ScanAsync(new EventScan(filter, range), cancellation).ConfigureAwait(false))
            {
                Candidates += batch.Count;
                foreach (var e in batch)
                {
                    matches.Clear();
                    faulted.Clear();
                    set.Match(e, matches, faulted);
                    foreach (var rule in faulted) omitted[rule.Rule.Id] = omitted.GetValueOrDefault(rule.Rule.Id) + 1;
                    foreach (var rule in matches)
                    {
                        run.Observe(rule, e);
                        if (!correlations.IsSilent(rule.Rule.Id)) Tally(rule.Rule.Id).Add(e.Timestamp, Entities.Primary(e), e.Id, () => Sentence.Of(rule.Rule.Title, e));
                    }
                }
            }
        }
        foreach (var hit in run.Finish())
        {
            var detection = CorrelationDetections.Of(hit, null, hit.Time);
            Tally(hit.Rule.Id).Add(hit.Time, detection.Entity, hit.Evidence.Count > 0 ? new SecurityEventId(hit.Evidence[^1].Id) : null, () => detection.Summary);
        }
        return
        [
            .. set.Rules.Where(r => !correlations.IsSilent(r.Rule.Id)).Select(r => Tally(r.Rule.Id).Of(r.Rule.Id, r.Rule.Title, "sigma", r.Rule.Level) with { BlindReason = r.BlindReason, Omitted = omitted.GetValueOrDefault(r.Rule.Id) }),
            .. correlations.Correlations.Where(c => !correlations.IsSilent(c.Rule.Id)).Select(c => Tally(c.Rule.Id).Of(c.Rule.Id, c.Rule.Title, "correlation", c.Level) with { BlindReason = c.BlindReason, Omitted = run.Omitted + run.Evicted }),
        ];

        BacktestTally Tally(string id) => tallies.TryGetValue(id, out var tally) ? tally : tallies[id] = new BacktestTally();
    }
}
