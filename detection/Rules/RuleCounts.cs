using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>What rules counted, in the state database.</summary>
internal sealed class RuleCounts(IStateDatabase database)
{
    public Task<Dictionary<string, RuleCounters>> ReadCountersAsync(CancellationToken cancellation) => database.ReadAsync(static connection => connection
        .Query("SELECT rule_id, matches, errors, last_match, last_error FROM detection_rule_counts",
            static r => (Id: r.GetString(0), Counters: new RuleCounters(r.GetInt64(1), r.GetInt64(2), r.InstantOrNull(3), r.GetString(4)))).ToDictionary(static r => r.Id, static r => r.Counters), cancellation);

    public async Task SaveCountersAsync(IEnumerable<KeyValuePair<string, RuleCounters>> counters, CancellationToken cancellation)
    {
        var changed = counters.Where(static c => c.Value.TakeChange()).ToArray();
        if (changed.Length == 0) return;
        try
        {
            await database.WriteAsync(transaction =>
            {
                foreach (var (id, counter) in changed)
                {
                    transaction.Execute(
                        "INSERT INTO detection_rule_counts(rule_id, matches, errors, last_match, last_error) VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT(rule_id) DO UPDATE SET matches = @p1, errors = @p2, last_match = @p3, last_error = @p4",
                        id, counter.Matches, counter.Errors, counter.LastMatch, counter.LastError);
                }
                return changed.Length;
            }, cancellation).ConfigureAwait(false);
        }
        catch
        {
            foreach (var (_, counter) in changed) counter.PutChangeBack();
            throw;
        }
    }
}
