using System.Collections.Concurrent;
using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled;

/// <summary>
/// Evaluates claimed windows: those that look at the same span ask the store together, each is judged and closed on its own. Leases
/// are renewed meanwhile; what was taken over is dropped.
/// </summary>
internal sealed partial class WindowEvaluator(
    RuleCatalog catalog, IEnumerable<IScheduledDetector> detectors, EvaluationLedger ledger, Suppressions suppressions, IEventStore store, IDetectionSink sink,
    IOptions<DetectionOptions> options, DetectionMetrics metrics, TimeProvider time, ILogger<WindowEvaluator> log)
{
    private const int QueriesAtOnce = 100;

    private readonly Dictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);

    private sealed record Asked(WindowLease Lease, IScheduledDetector Detector, IReadOnlyList<GroupQuery> Queries);

    /// <summary>Evaluates and closes the windows, several spans at once; each ends as done, failed, or taken over.</summary>
    public async Task EvaluateAsync(IReadOnlyList<WindowLease> leases, CancellationToken cancellation)
    {
        if (leases.Count == 0) return;
        var held = new ConcurrentDictionary<WindowLease, bool>(leases.Select(static l => KeyValuePair.Create(l, true)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var renewing = RenewAsync(held, stop.Token);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.EvaluationParallelism, CancellationToken = cancellation };
            var spans = leases.GroupBy(static l => l.Range).OrderBy(static g => g.Key.From).Select(static g => g.ToArray());
            await Parallel.ForEachAsync(spans, parallel, async (span, token) => await EvaluateSpanAsync(span, held, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(false);
        }
    }

    private async Task EvaluateSpanAsync(IReadOnlyList<WindowLease> span, ConcurrentDictionary<WindowLease, bool> held, CancellationToken cancellation)
    {
        var asked = new List<Asked>();
        foreach (var lease in span)
        {
            try
            {
                var detector = _detectors[lease.Rule.Detector];
                asked.Add(new Asked(lease, detector, detector.Queries(lease.Look)));
            }
            catch (Exception fault)
            {
                await FailAsync(lease, fault, Phrase.Plain(fault.Message), TimeSpan.Zero, held, cancellation).ConfigureAwait(false);
            }
        }
        var answers = await AskTogetherAsync(asked, cancellation).ConfigureAwait(false);
        var empty = new List<(WindowLease, EvaluationResult, TimeSpan)>();
        var at = 0;
        foreach (var one in asked)
        {
            var given = answers?.GetRange(at, one.Queries.Count);
            at += one.Queries.Count;
            if (await JudgeAsync(one, given, held, cancellation).ConfigureAwait(false) is { } nothing) empty.Add(nothing);
        }
        if (empty.Count == 0) return;
        var lost = await ledger.CloseEmptyAsync(empty, cancellation).ConfigureAwait(false);
        foreach (var (lease, _, _) in empty) held.TryRemove(lease, out _);
        metrics.Windows(empty.Count - lost.Count, failed: false);
        foreach (var lease in lost) Lost(lease);
    }

    /// <summary>The answers to all queries in order, or null where they could not be had together: each is then asked alone, and fails alone.</summary>
    private async Task<List<IReadOnlyList<GroupCount>>?> AskTogetherAsync(List<Asked> asked, CancellationToken cancellation)
    {
        var queries = asked.SelectMany(static a => a.Queries).ToArray();
        if (asked.Count < 2 || queries.Length == 0) return null;
        var answers = new List<IReadOnlyList<GroupCount>>(queries.Length);
        using var limit = Limit(cancellation);
        try
        {
            foreach (var chunk in queries.Chunk(QueriesAtOnce)) answers.AddRange(await store.GroupManyAsync(chunk, limit.Token).ConfigureAwait(false));
            metrics.SharedScan(queries.Length);
            return answers;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogNotTogether(fault, asked.Count);
            return null;
        }
    }

    /// <returns>The window where it found nothing and is still to be closed; else null, and it is closed or failed.</returns>
    private async Task<(WindowLease, EvaluationResult, TimeSpan)?> JudgeAsync(Asked asked, List<IReadOnlyList<GroupCount>>? answers, ConcurrentDictionary<WindowLease, bool> held, CancellationToken cancellation)
    {
        var (lease, detector, queries) = asked;
        if (!held.TryGetValue(lease, out var mine) || !mine) return null;
        var started = time.GetTimestamp();
        using var limit = Limit(cancellation);
        try
        {
            answers ??= queries.Count == 0 ? [] : [.. await store.GroupManyAsync(queries, limit.Token).ConfigureAwait(false)];
            var found = await detector.EvaluateAsync(lease.Look, answers, limit.Token).ConfigureAwait(false);
            var (raised, suppressed) = await suppressions.ApplyAsync(lease.Rule, found, limit.Token).ConfigureAwait(false);
            var took = time.GetElapsedTime(started);
            if (found.Detections.Count == 0 && found.Also is null) return (lease, found, took);
            var staged = catalog.IsStaged(lease.Rule.Id);
            await sink.CommitAsync(staged ? [] : raised.Detections, transaction =>
            {
                ledger.Close(transaction, lease, found, suppressed, took);
                raised.Also?.Invoke(transaction);
            }, cancellation).ConfigureAwait(false);
            held.TryRemove(lease, out _);
            metrics.Windows(1, failed: false);
            metrics.Suppressed(suppressed);
            foreach (var detection in raised.Detections)
            {
                catalog.CountMatch(lease.Rule.Id, detection.Time);
                if (staged) catalog.CountStaged(detection);
            }
        }
        catch (LeaseLostException)
        {
            held.TryRemove(lease, out _);
            Lost(lease);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            await FailAsync(lease, null, $"it took longer than the {options.Value.EvaluationTimeoutSeconds} s of Detection:EvaluationTimeoutSeconds", time.GetElapsedTime(started), held, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            await FailAsync(lease, fault, Phrase.Plain(fault.Message), time.GetElapsedTime(started), held, cancellation).ConfigureAwait(false);
        }
        return null;
    }

    private async Task FailAsync(WindowLease lease, Exception? fault, Phrase said, TimeSpan took, ConcurrentDictionary<WindowLease, bool> held, CancellationToken cancellation)
    {
        held.TryRemove(lease, out _);
        var reason = said.ToString() is { Length: > 500 } text ? text[..500] : said.ToString();
        catalog.CountError(lease.Rule.Id, said);
        metrics.Windows(1, failed: true);
        LogWindowFailed(fault, lease.Rule.Title, lease.Range.From, lease.Range.To, lease.Attempt);
        await ledger.FailAsync(lease, reason, took, cancellation).ConfigureAwait(false);
    }

    private async Task RenewAsync(ConcurrentDictionary<WindowLease, bool> held, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.LeaseSeconds / 3.0), time);
        while (true)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) return;
                foreach (var lost in await ledger.RenewAsync([.. held.Keys], cancellation).ConfigureAwait(false))
                    if (held.TryUpdate(lost, false, true)) Lost(lost);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The database is away. If it is for long, others take over, and what is found here is refused by its token.
                LogNotRenewed(fault);
            }
        }
    }

    private void Lost(WindowLease lease)
    {
        metrics.LeaseLost();
        LogLost(lease.Rule.Title, lease.Range.From, lease.Range.To);
    }

    private CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.EvaluationTimeoutSeconds));
        return limit;
    }

    [LoggerMessage(2011, LogLevel.Error, "Scheduled rule '{Rule}' failed on the window from {From} to {To}, attempt {Attempt}; it is tried again later")]
    private partial void LogWindowFailed(Exception? fault, string rule, DateTimeOffset from, DateTimeOffset to, int attempt);

    [LoggerMessage(2012, LogLevel.Warning, "The questions of {Rules} rules could not be asked together; each is asked alone")]
    private partial void LogNotTogether(Exception fault, int rules);

    [LoggerMessage(2013, LogLevel.Warning, "The leases of windows could not be renewed")]
    private partial void LogNotRenewed(Exception fault);

    [LoggerMessage(2014, LogLevel.Warning, "The window of '{Rule}' from {From} to {To} was taken over by another process; what this one found is not written")]
    private partial void LogLost(string rule, DateTimeOffset from, DateTimeOffset to);
}
