using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Backtests;

/// <summary>Says what a rule would have raised over stored events. Reads only.</summary>
public sealed class Backtest(IEventStore store, IEnumerable<IScheduledDetector> detectors, TimeProvider time)
{
    /// <summary>Longest span.</summary>
    public static readonly TimeSpan MaxSpan = TimeSpan.FromDays(400);

    private readonly IReadOnlyDictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);

    /// <summary>False for a kind of rule that the past can't be asked about: a filter, and detectors that judge only the present or go on from earlier windows.</summary>
    /// <param name="kind">As <see cref="RuleView.Kind"/>.</param>
    public bool CanTest(string kind) => kind != RuleViews.Filter && (!_detectors.TryGetValue(kind, out var detector) || (detector.LooksBack && !detector.InOrder));

    /// <summary>A rule of the catalog, of any stage; a correlation with the rules that it joins.</summary>
    /// <exception cref="BacktestException">There is no such rule, it can't be tested, or the range is not one.</exception>
    /// <exception cref="EventQueryException">The store refuses the question.</exception>
    public async Task<BacktestReport> RunAsync(RuleCatalog catalog, string id, TimeRange range, CancellationToken cancellation)
    {
        var current = catalog.Current;
        if (!current.ById.TryGetValue(id, out var rule)) throw new BacktestException($"there is no rule '{id}'");
        if (rule.Scheduled is { } scheduled) return await RunScheduledAsync(scheduled, range, cancellation).ConfigureAwait(false);
        if (rule.Filter is not null) throw new BacktestException($"'{rule.Title}' is a filter: it raises nothing by itself");
        var rules = RuleLinks.ApplyFilters(current.Rules, r => current.StageOf(r.Id).IsEvaluated(), []);
        var needed = RuleLinks.Needed(rules, rules.First(r => r.Id.Equals(rule.Id, StringComparison.OrdinalIgnoreCase)));
        return await RunSigmaAsync(RuleLinks.Sigma(needed), RuleLinks.Correlations(needed), only: rule.Id, current.Pipelines, range, cancellation).ConfigureAwait(false);
    }

    /// <summary>Rules in a text, read with the installation's placeholders and pipelines.</summary>
    /// <exception cref="BacktestException">The text has a fault, or can't be tested.</exception>
    /// <exception cref="EventQueryException">The store refuses the question.</exception>
    public Task<BacktestReport> RunTextAsync(RuleCatalog catalog, string text, TimeRange range, CancellationToken cancellation) =>
        RunTextAsync("rule.yml", text, range, catalog.Reading, catalog.Current.Pipelines, cancellation);

    /// <summary>Rules in a text that need not be saved: Sigma rules with filters and correlations, or a scheduled rule.</summary>
    /// <param name="file">Name for faults.</param>
    /// <exception cref="BacktestException">The text has a fault, or can't be tested.</exception>
    /// <exception cref="EventQueryException">The store refuses the question.</exception>
    public async Task<BacktestReport> RunTextAsync(string file, string text, TimeRange range, SigmaReaderOptions? options, SigmaPipelines? pipelines, CancellationToken cancellation)
    {
        if (ScheduledRuleReader.IsScheduled(text))
        {
            var read = new ScheduledRuleReader(_detectors.Values).Read(file, text);
            Refuse(read.Faults);
            return read.Rules.Count == 1 ? await RunScheduledAsync(read.Rules[0], range, cancellation).ConfigureAwait(false) : throw new BacktestException($"{file} holds {read.Rules.Count} scheduled rules; one at a time is tested");
        }
        var sigma = SigmaReader.Read(file, text, options);
        var faults = sigma.Faults.ToList();
        var rules = SigmaFilters.Apply(sigma.Rules, sigma.Filters, faults);
        Refuse(faults);
        return await RunSigmaAsync(rules, sigma.Correlations, only: null, pipelines, range, cancellation).ConfigureAwait(false);
    }

    private async Task<BacktestReport> RunSigmaAsync(IReadOnlyList<SigmaRule> rules, IReadOnlyList<Sigma.Correlations.SigmaCorrelation> correlations, string? only, SigmaPipelines? pipelines, TimeRange range, CancellationToken cancellation)
    {
        Check(range);
        var started = time.GetTimestamp();
        var set = RuleSet.Compile(rules, pipelines);
        var joined = CorrelationSet.Compile(set, rules, correlations);
        Refuse(joined.Faults);
        var test = new SigmaBacktest(store, set, joined, pipelines);
        var found = await test.RunAsync(range, cancellation).ConfigureAwait(false);
        var took = time.GetElapsedTime(started);
        var events = await store.CountAsync(EventFilter.All, range, cancellation).ConfigureAwait(false);
        return new BacktestReport(range, events, test.Candidates, took, only is null ? found : [.. found.Where(r => r.RuleId.Equals(only, StringComparison.OrdinalIgnoreCase))]);
    }

    private async Task<BacktestReport> RunScheduledAsync(ScheduledRule rule, TimeRange range, CancellationToken cancellation)
    {
        Check(range);
        var started = time.GetTimestamp();
        var found = await new ScheduledBacktest(store, _detectors[rule.Detector], rule).RunAsync(range, cancellation).ConfigureAwait(false);
        var took = time.GetElapsedTime(started);
        var events = await store.CountAsync(EventFilter.All, range, cancellation).ConfigureAwait(false);
        return new BacktestReport(range, events, 0, took, [found]);
    }

    private static void Check(TimeRange range)
    {
        if (range.To <= range.From) throw new BacktestException("the span ends before it begins");
        if (range.Length > MaxSpan) throw new BacktestException($"the span is {range.Length.TotalDays:0} days; at most {MaxSpan.TotalDays:0} are tested at once");
    }

    private static void Refuse(IReadOnlyList<SigmaFault> faults)
    {
        if (faults.FirstOrDefault(static f => f.Severity == FaultSeverity.Error) is { } fault) throw new BacktestException(fault.Said);
    }
}
