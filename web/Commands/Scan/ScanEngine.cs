using System.Collections.Concurrent;
using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;

namespace Beacon.Web.Commands.Scan;

/// <param name="Outside">Events outside the time range; they are among those read.</param>
/// <param name="Forgotten">Matches that correlations could not remember, because a ceiling was reached.</param>
internal sealed record ScanTotals(int Logs, long Events, long Outside, long Bytes, long Matches, long Faults, long Forgotten);

/// <summary>
/// Runs rules over logs on several threads. Logs are cut into blocks, so that one big file keeps every thread busy; blocks go back
/// into order before they are given out, so that two runs give the same. What is held does not grow with the logs. Correlations are run
/// when all is read, since they want events in the order of time; their matches come last.
/// </summary>
internal sealed class ScanEngine(RuleSet set, CorrelationSet correlations, ParserCatalog parsers, string format, ScanFilter filter, bool explain)
{
    /// <summary>Blocks that may wait for one before them.</summary>
    private const int Window = 64;

    private readonly ConcurrentBag<ScanBlock> _free = [];
    private long _events, _outside, _bytes, _matches, _faults;

    /// <param name="threads">Threads that parse and match.</param>
    /// <param name="progress">Called once with what tells the bytes read from disk so far.</param>
    public ScanTotals Run(IEnumerable<(string Path, string Name)> files, int threads, Action<ScanMatch> match, Action<EventFileFault> fault, Action<Func<long>>? progress = null, CancellationToken cancellation = default)
    {
        (_events, _outside, _bytes, _matches, _faults) = (0, 0, 0, 0, 0);
        using var source = new EventBlockSource(files, format);
        progress?.Invoke(() => source.BytesRead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var order = new InOrder<ScanBlock>(b => Give(b, match, fault), Window);
        var taking = new Lock();
        long taken = 0;
        var failures = new ConcurrentQueue<Exception>();
        var run = new CorrelationRun(correlations);
        var rules = set.Rules.Where(r => !correlations.IsSilent(r.Rule.Id)).ToDictionary(static r => r, static r => ScanRule.Of(r.Rule));
        void Work()
        {
            try
            {
                var worker = new ScanWorker(set, rules, correlations, run, parsers, format, filter, explain);
                while (true)
                {
                    if (!_free.TryTake(out var block)) block = new ScanBlock();
                    lock (taking)
                    {
                        stop.Token.ThrowIfCancellationRequested();
                        if (!source.TryRead(block.Block)) return;
                        block.Sequence = taken++;
                    }
                    worker.Read(block);
                    order.Put(block.Sequence, block);
                }
            }
            catch (Exception failure)
            {
                // What one thread cannot go on with, none can: the others are stopped, and the first reason is thrown on.
                failures.Enqueue(failure);
                stop.Cancel();
                order.Stop();
            }
        }
        Task.WaitAll([.. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))], CancellationToken.None);
        if (failures.TryDequeue(out var first)) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        foreach (var hit in run.Finish().Where(h => h.Level >= filter.Least))
        {
            _matches++;
            match(ScanMatch.Of(hit));
        }
        return new ScanTotals(source.Logs, _events, _outside, _bytes, _matches, _faults, run.Omitted + run.Evicted);
    }

    private void Give(ScanBlock block, Action<ScanMatch> match, Action<EventFileFault> fault)
    {
        var file = block.Block.File;
        foreach (var found in block.Faults) fault(found);
        var next = 0;
        foreach (var hit in block.Hits)
        {
            // An event log's numbers are counted one by one, since a number may come again.
            for (; file.IsEvtx && next < hit.Index; next++) file.LabelNext(block.Numbers[next]);
            if (!file.IsEvtx || next == hit.Index) _label = file.LabelNext(hit.Number);
            next = Math.Max(next, hit.Index + 1);
            match(new ScanMatch($"{file.Name}#{_label}", hit.Rule, hit.Time, hit.Host, hit.Matched));
        }
        for (; file.IsEvtx && next < block.Numbers.Count; next++) file.LabelNext(block.Numbers[next]);
        _events += block.Summary.Events;
        _bytes += block.Summary.Bytes;
        _faults += block.Summary.Faults;
        _outside += block.Outside;
        _matches += block.Hits.Count;
        _free.Add(block);
    }

    /// <summary>Of the event before: several rules may match one.</summary>
    private EventLabel _label;
}
