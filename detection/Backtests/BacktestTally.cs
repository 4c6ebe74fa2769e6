using Beacon.Events;

namespace Beacon.Detections.Backtests;

/// <summary>Counts what one rule would have raised. Its size does not grow with the number.</summary>
internal sealed class BacktestTally
{
    /// <summary>Entities told apart; the others count in the total alone.</summary>
    private const int MaxKnown = 10_000;

    private readonly SortedDictionary<DateTimeOffset, long> _hours = [];
    private readonly Dictionary<Entity, long> _entities = [];
    private readonly PriorityQueue<BacktestExample, (DateTimeOffset, long)> _examples = new();

    public long Raised { get; private set; }

    public void Add(DateTimeOffset time, Entity entity, SecurityEventId? eventId, Func<string> summary)
    {
        Raised++;
        var hour = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        _hours[hour] = _hours.GetValueOrDefault(hour) + 1;
        if (_entities.TryGetValue(entity, out var count) || _entities.Count < MaxKnown) _entities[entity] = count + 1;
        if (_examples.Count == BacktestRule.MaxExamples)
        {
            if (_examples.TryPeek(out _, out var oldest) && oldest.Item1 >= time) return;
            _examples.Dequeue();
        }
        _examples.Enqueue(new BacktestExample(time, summary(), entity, eventId), (time, Raised));
    }

    public BacktestRule Of(string id, string title, string kind, Severity level) => new(
        id, title, kind, level, Raised, [.. _hours.Select(static h => new HistogramBucket(h.Key, h.Value))],
        [.. _examples.UnorderedItems.Select(static e => e.Element).OrderByDescending(static e => e.Time)],
        [.. _entities.OrderByDescending(static e => e.Value).ThenBy(static e => e.Key.Value, StringComparer.Ordinal).Take(BacktestRule.MaxEntities).Select(static e => new ValueCount(e.Key.Value, e.Value))]);
}
