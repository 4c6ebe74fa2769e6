using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;

namespace Beacon.Detections.Backtests;

/// <summary>A scheduled rule over past windows, as the ledger would have had them evaluated; nothing is written.</summary>
internal sealed class ScheduledBacktest(IEventStore store, IScheduledDetector detector, ScheduledRule rule)
{
    /// <summary>Windows of one back-test.</summary>
    public const int MaxWindows = 50_000;

    private const int AtOnce = 20;

    public async Task<BacktestRule> RunAsync(TimeRange range, CancellationToken cancellation)
    {
        if (!detector.LooksBack) throw new BacktestException($"'{detector.Name}' judges only the present: it can't be tested on the past");
        if (detector.InOrder) throw new BacktestException($"'{detector.Name}' goes on from what its earlier windows left in the state database: it can't be tested apart from it");
        // The first window ends within the range, at a multiple of the interval, as the ledger's do.
        var interval = rule.Interval.Ticks;
        var end = new DateTimeOffset(((range.From.UtcTicks / interval) + 1) * interval, TimeSpan.Zero);
        if ((range.To - end).Ticks / interval > MaxWindows) throw new BacktestException($"the span has {(range.To - end).Ticks / interval:N0} windows of this rule; at most {MaxWindows:N0} are evaluated: choose a shorter one");
        var tally = new BacktestTally();
        var silent = new SilentKeys(rule.Suppression);
        long windows = 0;
        var pending = new List<EvaluationWindow>();
        for (; end <= range.To; end += rule.Interval)
        {
            pending.Add(new EvaluationWindow(rule, new TimeRange(end - rule.Window, end)) { SeenUpTo = DateTimeOffset.MaxValue });
            if (pending.Count == AtOnce) await FlushAsync().ConfigureAwait(false);
        }
        await FlushAsync().ConfigureAwait(false);
        return tally.Of(rule.Id, rule.Title, detector.Name, rule.Level) with { Windows = windows, Suppressed = silent.Kept };

        async Task FlushAsync()
        {
            var results = new EvaluationResult[pending.Count];
            await Parallel.ForAsync(0, pending.Count, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, async (i, stop) =>
            {
                var queries = detector.Queries(pending[i]);
                IReadOnlyList<IReadOnlyList<GroupCount>> answers = queries.Count == 0 ? [] : await store.GroupManyAsync(queries, stop).ConfigureAwait(false);
                results[i] = await detector.EvaluateAsync(pending[i], answers, stop).ConfigureAwait(false);
            }).ConfigureAwait(false);
            windows += pending.Count;
            pending.Clear();
            foreach (var detection in results.SelectMany(static r => r.Detections).OrderBy(static d => d.Time))
                if (silent.Raises(detection)) tally.Add(detection.Time, detection.Entity, detection.Event?.Id, () => detection.Summary.Length > 0 ? detection.Summary : detection.RuleTitle);
        }
    }

    /// <summary>Suppression without the database: the same keys, the same span.</summary>
    private sealed class SilentKeys(Suppression? suppression)
    {
        private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

        public long Kept { get; private set; }

        public bool Raises(Detection detection)
        {
            if (suppression is null) return true;
            var key = Suppressions.KeyOf(suppression, detection);
            if (_until.TryGetValue(key, out var until) && detection.Time < until)
            {
                Kept++;
                return false;
            }
            if (_until.Count >= Suppressions.MaxKeys && !_until.ContainsKey(key)) _until.Remove(_until.MinBy(static p => p.Value).Key);
            _until[key] = detection.Time + suppression.Span;
            return true;
        }
    }
}
