using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled;

/// <summary>
/// Evaluates what is due, rule by rule, oldest window first: windows interrupted by a crash, windows whose retry has come, then those
/// that ingestion has passed. A rule that fails waits alone. One look runs at a time.
/// </summary>
internal sealed partial class WindowEvaluator(
    RuleCatalog catalog, IEnumerable<IScheduledDetector> detectors, EvaluationLedger ledger, IEventStore store, IIngestWatermark watermark, IDetectionSink sink,
    IOptions<DetectionOptions> options, DetectionMetrics metrics, TimeProvider time, ILogger<WindowEvaluator> log) : IDisposable
{
    public const int MaxAttempts = 10;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetentionEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly SemaphoreSlim _one = new(1, 1);
    private DateTimeOffset _retained = DateTimeOffset.MinValue;

    /// <summary>One look: evaluates at most the options' number of windows a rule.</summary>
    public async Task EvaluateDueAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var lag = TimeSpan.Zero;
            foreach (var (rule, enabled) in catalog.Scheduled)
            {
                try
                {
                    var behind = await EvaluateRuleAsync(rule, enabled, cancellation).ConfigureAwait(false);
                    if (behind > lag) lag = behind;
                }
                catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
                {
                    // The state database is at fault, not the window: nothing was written, and the next look tries again.
                    _resumed.Remove(rule.Id);
                    catalog.CountError(rule.Id, fault.Message);
                    LogRuleFailed(fault, rule.Title);
                }
            }
            metrics.EvaluationLag = lag;
            await RetainAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<TimeSpan> EvaluateRuleAsync(ScheduledRule rule, bool enabled, CancellationToken cancellation)
    {
        var budget = options.Value.WindowsPerLook;
        var detector = _detectors[rule.Detector];
        var next = await ledger.NextStartAsync(rule, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        if (enabled)
        {
            // Windows left running by this very process cannot be: looks do not overlap, and each ends in done or failed.
            var again = await ledger.DueAgainAsync(rule.Id, interrupted: !_resumed.Contains(rule.Id), budget, cancellation).ConfigureAwait(false);
            foreach (var window in again)
            {
                await ledger.RestartAsync(window, cancellation).ConfigureAwait(false);
                await EvaluateAsync(detector, rule, new TimeRange(window.Start, window.End), window.Attempt + 1, cancellation).ConfigureAwait(false);
                budget--;
            }
            if (budget > 0) _resumed.Add(rule.Id);
        }
        var complete = watermark.CompleteUpTo;
        var due = complete - rule.Lateness - rule.Window;
        while (next <= due && budget-- > 0)
        {
            var skipTo = SkipTo(rule, enabled, detector, next, due, out var reason);
            if (skipTo > next)
            {
                await ledger.SkipAsync(rule, next, skipTo, reason, cancellation).ConfigureAwait(false);
                next = skipTo;
                continue;
            }
            var window = new TimeRange(next, next + rule.Window);
            await ledger.BeginAsync(rule, window, cancellation).ConfigureAwait(false);
            await EvaluateAsync(detector, rule, window, attempt: 1, cancellation).ConfigureAwait(false);
            next += rule.Interval;
        }
        return next <= due ? complete - next : TimeSpan.Zero;
    }

    /// <summary>Start of the first window that is not to be left out.</summary>
    private DateTimeOffset SkipTo(ScheduledRule rule, bool enabled, IScheduledDetector detector, DateTimeOffset next, DateTimeOffset due, out string reason)
    {
        if (!enabled)
        {
            reason = "the rule was off";
            return StartAfter(rule, next, due);
        }
        var oldest = time.GetUtcNow() - TimeSpan.FromDays(options.Value.CatchUpDays);
        if (next < oldest)
        {
            reason = $"older than the {options.Value.CatchUpDays} days that are made up after a stop";
            return StartAfter(rule, next, oldest < due ? oldest : due);
        }
        reason = "the program was not running, and this detector judges the present only";
        if (detector.LooksBack || next + rule.Window > _started) return next;
        var last = _started - rule.Window;
        return StartAfter(rule, next, last < due ? last : due);
    }

    /// <summary>The first start of a window after the instant.</summary>
    private static DateTimeOffset StartAfter(ScheduledRule rule, DateTimeOffset next, DateTimeOffset instant) =>
        instant < next ? next : next + (rule.Interval * (((instant - next).Ticks / rule.Interval.Ticks) + 1));

    private async Task EvaluateAsync(IScheduledDetector detector, ScheduledRule rule, TimeRange window, int attempt, CancellationToken cancellation)
    {
        try
        {
            var look = new EvaluationWindow(rule, window) { SeenUpTo = watermark.CompleteUpTo };
            var queries = detector.Queries(look);
            var answers = new List<IReadOnlyList<GroupCount>>(queries.Count);
            foreach (var query in queries) answers.Add(await store.GroupAsync(query, cancellation).ConfigureAwait(false));
            var result = await detector.EvaluateAsync(look, answers, cancellation).ConfigureAwait(false);
            await sink.CommitAsync(result.Detections, transaction =>
            {
                result.Also?.Invoke(transaction);
                ledger.Finish(transaction, rule.Id, window.From, result);
            }, cancellation).ConfigureAwait(false);
            foreach (var detection in result.Detections) catalog.CountMatch(rule.Id, detection.Time);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            var reason = fault.Message.Length > 500 ? fault.Message[..500] : fault.Message;
            catalog.CountError(rule.Id, reason);
            var wait = TimeSpan.FromTicks(Math.Min(LongestBackoff.Ticks, FirstBackoff.Ticks << Math.Min(20, attempt - 1)));
            var givenUp = attempt >= MaxAttempts;
            LogWindowFailed(fault, rule.Title, window.From, window.To, attempt, givenUp);
            await ledger.FailAsync(rule.Id, window.From, reason, givenUp ? null : time.GetUtcNow() + wait, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RetainAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _retained < RetentionEvery) return;
        _retained = now;
        await ledger.RemoveBeforeAsync(now - TimeSpan.FromDays(options.Value.LedgerDays), cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(2010, LogLevel.Error, "Scheduled rule '{Rule}' could not be looked at; the next look tries again")]
    private partial void LogRuleFailed(Exception fault, string rule);

    [LoggerMessage(2011, LogLevel.Error, "Scheduled rule '{Rule}' failed on the window from {From} to {To}, attempt {Attempt}, given up: {GivenUp}")]
    private partial void LogWindowFailed(Exception fault, string rule, DateTimeOffset from, DateTimeOffset to, int attempt, bool givenUp);
}
