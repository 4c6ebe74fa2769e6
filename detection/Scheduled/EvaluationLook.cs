using System.IO.Enumeration;
using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled;

/// <summary>
/// What Quartz's jobs do: look at the live edge, make up what was missed, find what came late. They run beside each other and in
/// several processes; the ledger alone decides who evaluates what.
/// </summary>
internal sealed partial class EvaluationLook(
    RuleCatalog catalog, IEnumerable<IScheduledDetector> detectors, EvaluationLedger ledger, ClusterWatermark watermark, WindowEvaluator evaluator, LateEvents late,
    ISourceActivity sources, IOptions<DetectionOptions> options, DetectionMetrics metrics, TimeProvider time, ILogger<EvaluationLook> log)
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);
    private DateTimeOffset _forgot = DateTimeOffset.MinValue;

    /// <summary>Evaluates what is due at the live edge.</summary>
    public Task LiveAsync(CancellationToken cancellation) => LookAsync(ledger.ClaimLiveAsync, cancellation);

    /// <summary>Evaluates what was missed, oldest first, for about one look's time.</summary>
    public Task OverdueAsync(CancellationToken cancellation) => LookAsync(ledger.ClaimOverdueAsync, cancellation);

    /// <summary>Puts windows aside into which events came late, and forgets what is older than the ledger's days.</summary>
    public async Task LateAsync(CancellationToken cancellation)
    {
        metrics.LateSpans(await late.LookAsync(Plan(), await watermark.CompleteUpToAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false));
        var now = time.GetUtcNow();
        if (now - _forgot < ForgetEvery) return;
        _forgot = now;
        if (await ledger.ForgetAsync(cancellation).ConfigureAwait(false) is var lost and > 0) LogFailedForGood(lost, options.Value.LedgerDays);
    }

    private async Task LookAsync(Func<IReadOnlyList<PlannedRule>, DateTimeOffset, CancellationToken, Task<IReadOnlyList<WindowLease>>> claim, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        do
        {
            var complete = await watermark.CompleteUpToAsync(cancellation).ConfigureAwait(false);
            var leases = await claim(Plan(), complete, cancellation).ConfigureAwait(false);
            if (leases.Count == 0) return;
            var oldest = leases.Min(static l => l.Range.To);
            metrics.EvaluationLag = complete > oldest ? complete - oldest : TimeSpan.Zero;
            await evaluator.EvaluateAsync(leases, cancellation).ConfigureAwait(false);
        }
        while (time.GetElapsedTime(started) < TimeSpan.FromSeconds(options.Value.EvaluationSeconds));
    }

    private List<PlannedRule> Plan()
    {
        var active = sources.Sources;
        return [.. catalog.Scheduled.Select(s => new PlannedRule(s.Rule, s.Enabled, _detectors[s.Rule.Detector].InOrder, _detectors[s.Rule.Detector].LooksBack, LatenessOf(s.Rule, active)))];
    }

    /// <summary>The rule's own, or that of the slowest source it waits for among those that ever sent something.</summary>
    private static TimeSpan LatenessOf(ScheduledRule rule, IReadOnlyList<SourceActivity> active)
    {
        var longest = rule.Lateness;
        foreach (var (pattern, lateness) in rule.SourceLateness)
        {
            if (lateness > longest && active.Any(s => s.LastReceived is not null && (FileSystemName.MatchesSimpleExpression(pattern, s.Id) || FileSystemName.MatchesSimpleExpression(pattern, s.Name)))) longest = lateness;
        }
        return longest;
    }

    [LoggerMessage(2015, LogLevel.Error, "{Windows} windows had failed until they were older than the {Days} days of Detection:LedgerDays; they are no longer tried")]
    private partial void LogFailedForGood(int windows, int days);
}
