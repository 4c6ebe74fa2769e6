using System.Data.Common;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Correlation;

/// <summary>The correlations of the running process: fed by what rules match in stream, kept across restarts. Safe to use from several threads.</summary>
internal sealed partial class StreamCorrelations : ICorrelationCounts
{
    /// <summary>Time between two looks at what the clock decides.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly RuleCatalog _catalog;
    private readonly IStateDatabase _database;
    private readonly ILogger<StreamCorrelations> _log;
    private readonly CorrelationJournal _journal = new();
    private readonly CorrelationEngine _engine;
    private readonly List<CorrelationHit> _hits = [];
    private long _order;
    private SecurityEventId _last;
    private DateTimeOffset _looked;

    public StreamCorrelations(RuleCatalog catalog, IStateDatabase database, IOptions<DetectionOptions> options, ILogger<StreamCorrelations> log)
    {
        (_catalog, _database, _log) = (catalog, database, log);
        var limits = new CorrelationLimits { Lateness = TimeSpan.FromSeconds(options.Value.CorrelationLatenessSeconds), MaxBytes = options.Value.CorrelationMegabytes * 1024L * 1024 };
        _engine = new CorrelationEngine(limits, _journal, this);
    }

    /// <summary>Takes up what was remembered when the process last committed.</summary>
    public async Task LoadAsync(CorrelationSet set, CancellationToken cancellation)
    {
        var found = await CorrelationJournal.ReadAsync(_database, cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            _engine.Use(set);
            _journal.Start(found);
            var states = new Dictionary<string, CorrelationState>(StringComparer.Ordinal);
            foreach (var state in _engine.States) states.TryAdd(state.Correlation.StateKey, state);
            foreach (var (id, chunk) in found)
            {
                try
                {
                    CorrelationRecord.Read(chunk, states);
                }
                catch (InvalidDataException fault)
                {
                    LogDamaged(id, fault.Message);
                }
            }
            foreach (var state in _engine.States) state.EndRestore();
        }
    }

    /// <summary>An event that rules matched which correlations use; adds the detections that it completes.</summary>
    /// <param name="copy">A copy of the event to keep, once one was made.</param>
    public void Observe(CorrelationSet set, IReadOnlyList<CompiledRule> rules, SecurityEvent e, ref SecurityEvent? copy, ICollection<Detection> detections)
    {
        lock (_gate)
        {
            Use(set);
            try
            {
                var order = OrderOf(e);
                _engine.Observe(rules, e, order, null, _hits);
                if (_hits.Count > 0) Describe(copy ??= e.Clone(), order, e.Received, detections);
            }
            catch (Exception fault)
            {
                // The boundary of what others write: a correlation's fault must not take the next rule's detection with it.
                foreach (var rule in rules.Where(set.IsUsed)) _catalog.CountError(rule.Rule.Id, Phrase.Plain(fault.Message));
            }
            _hits.Clear();
        }
    }

    /// <summary>Adds the detections of windows that the clock has closed.</summary>
    public void Advance(CorrelationSet set, DateTimeOffset clock, ICollection<Detection> detections)
    {
        lock (_gate)
        {
            Use(set);
            if (clock - _looked < LookEvery) return;
            _looked = clock;
            _engine.Advance(clock, _hits);
            if (_hits.Count > 0) Describe(null, 0, clock, detections);
            _hits.Clear();
        }
    }

    public Action<DbTransaction>? TakeChanges()
    {
        lock (_gate) return _journal.Take(_engine);
    }

    void ICorrelationCounts.CountEvictions(string ruleId, int entries) => _catalog.CountEvictions(ruleId, entries);

    void ICorrelationCounts.CountLate(string ruleId) => _catalog.CountLate(ruleId);

    private long OrderOf(SecurityEvent e)
    {
        if (e.Sequence > 0) return e.Sequence;
        if (e.Id != _last) _order++;
        _last = e.Id;
        return _order;
    }

    private void Use(CorrelationSet set)
    {
        if (ReferenceEquals(_engine.Set, set)) return;
        _engine.Use(set);
        // What is on disk may hold state of a correlation that is gone, and must not come back with it.
        _journal.IsStale = true;
    }

    /// <param name="order">The event's; a window that it only closed is not about it.</param>
    private void Describe(SecurityEvent? e, long order, DateTimeOffset received, ICollection<Detection> detections)
    {
        foreach (var hit in _hits)
        {
            _catalog.CountMatch(hit.Rule.Id, hit.Time);
            if (_engine.Set.IsSilent(hit.Rule.Id)) continue;
            var detection = CorrelationDetections.Of(hit, e is not null && hit.Order == order && !hit.Rule.Condition.NeedsEnd ? e : null, received);
            if (_catalog.IsStaged(hit.Rule.Id)) _catalog.CountStaged(detection);
            else detections.Add(detection);
        }
    }

    [LoggerMessage(2020, LogLevel.Error, "Part {Id} of what correlations remembered cannot be read and is left out: {Reason}")]
    private partial void LogDamaged(long id, string reason);
}
