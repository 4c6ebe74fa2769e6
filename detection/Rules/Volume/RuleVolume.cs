using Beacon.Events;

namespace Beacon.Detections.Rules.Volume;

/// <summary>Something that a staged rule would have raised.</summary>
/// <param name="EventId">The event's, or empty.</param>
public sealed record StagedExample(DateTimeOffset Time, string Entity, string Summary, string EventId);

/// <summary>What a rule found by day.</summary>
/// <param name="Live">By day, the oldest first, today last: while it was live.</param>
/// <param name="Staged">While it was staged.</param>
public sealed record RuleDays(IReadOnlyList<long> Live, IReadOnlyList<long> Staged);

/// <summary>
/// Counts what rules find day by day, and keeps the newest of what staged ones would have raised. Written down with the rules' other
/// counts, as additions, so that nodes that share the database count together.
/// </summary>
internal sealed class RuleVolume(IStateDatabase database, TimeProvider time)
{
    /// <summary>Days that are kept; what happened earlier, or later than now, counts as today's.</summary>
    public const int Days = 30;

    /// <summary>Examples kept of a staged rule.</summary>
    public const int MaxExamples = 20;

    private const int MaxText = 500;

    private readonly Lock _gate = new();
    private Dictionary<(string Rule, int Day, bool Staged), long> _counts = [];
    private Dictionary<string, Queue<StagedExample>> _examples = [];

    public void Count(string id, DateTimeOffset at, bool staged)
    {
        var today = Day(time.GetUtcNow());
        var day = Day(at);
        if (day > today || day <= today - Days) day = today;
        lock (_gate) _counts[(id, day, staged)] = _counts.GetValueOrDefault((id, day, staged)) + 1;
    }

    public void Keep(string id, StagedExample example)
    {
        lock (_gate)
        {
            if (!_examples.TryGetValue(id, out var queue)) _examples[id] = queue = new Queue<StagedExample>();
            if (queue.Count == MaxExamples) queue.Dequeue();
            queue.Enqueue(example with { Summary = Cut(example.Summary), Entity = Cut(example.Entity) });
        }
    }

    public async Task SaveAsync(CancellationToken cancellation)
    {
        Dictionary<(string Rule, int Day, bool Staged), long> counts;
        Dictionary<string, Queue<StagedExample>> examples;
        lock (_gate) (counts, examples, _counts, _examples) = (_counts, _examples, [], []);
        if (counts.Count + examples.Count == 0) return;
        try
        {
            await database.WriteAsync(transaction =>
            {
                foreach (var ((rule, day, staged), count) in counts)
                {
                    transaction.Execute(
                        "INSERT INTO detection_rule_days(rule_id, day, staged, found) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT(rule_id, day, staged) DO UPDATE SET found = detection_rule_days.found + @p3", rule, day, staged, count);
                }
                transaction.Execute("DELETE FROM detection_rule_days WHERE day <= @p0", Day(time.GetUtcNow()) - Days);
                foreach (var (rule, kept) in examples)
                {
                    var number = transaction.Scalar<long>("SELECT coalesce(max(number), 0) FROM detection_rule_examples WHERE rule_id = @p0", rule);
                    foreach (var e in kept)
                        transaction.Execute("INSERT INTO detection_rule_examples(rule_id, number, at, entity, summary, event_id) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)", rule, ++number, e.Time, e.Entity, e.Summary, e.EventId);
                    transaction.Execute("DELETE FROM detection_rule_examples WHERE rule_id = @p0 AND number <= @p1", rule, number - MaxExamples);
                }
                return counts.Count;
            }, cancellation).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                foreach (var (key, count) in counts) _counts[key] = _counts.GetValueOrDefault(key) + count;
                foreach (var (rule, kept) in examples) _examples.TryAdd(rule, kept);
            }
            throw;
        }
    }

    /// <summary>Every rule that found something in the last <see cref="Days"/> days.</summary>
    public async Task<IReadOnlyDictionary<string, RuleDays>> ReadAsync(CancellationToken cancellation)
    {
        var today = Day(time.GetUtcNow());
        var rows = await database.ReadAsync(connection => connection.Query("SELECT rule_id, day, staged, found FROM detection_rule_days WHERE day > @p0",
            static r => ((Rule: r.GetString(0), Day: r.GetInt32(1), Staged: r.GetInt32(2) != 0), Found: r.GetInt64(3)), today - Days), cancellation).ConfigureAwait(false);
        lock (_gate) rows.AddRange(_counts.Select(static c => (c.Key, c.Value)));
        return rows.GroupBy(static r => r.Item1.Rule).ToDictionary(static g => g.Key, g =>
        {
            var (live, staged) = (new long[Days], new long[Days]);
            foreach (var ((_, day, isStaged), found) in g)
                if (day <= today && day > today - Days) (isStaged ? staged : live)[day - today + Days - 1] += found;
            return new RuleDays(live, staged);
        }, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What a staged rule would have raised, newest first.</summary>
    public async Task<IReadOnlyList<StagedExample>> ExamplesAsync(string id, CancellationToken cancellation)
    {
        var kept = await database.ReadAsync(connection => connection.Query("SELECT at, entity, summary, event_id FROM detection_rule_examples WHERE rule_id = @p0 ORDER BY number DESC",
            static r => new StagedExample(r.Instant(0), r.GetString(1), r.GetString(2), r.GetString(3)), id), cancellation).ConfigureAwait(false);
        StagedExample[] waiting;
        lock (_gate) waiting = _examples.TryGetValue(id, out var queue) ? [.. queue.Reverse()] : [];
        return [.. waiting.Concat(kept).Take(MaxExamples)];
    }

    private static int Day(DateTimeOffset at) => (int)((at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerDay);

    private static string Cut(string text) => text.Length > MaxText ? text[..MaxText] : text;
}
