using System.Data.Common;
using Beacon.Collectors.Sources;
using Beacon.Events;

namespace Beacon.Collectors.Pipeline;

/// <summary>When each source sent, and when it may be expected to send again.</summary>
internal sealed class ActivityBook(SourceCatalog sources, ExpectedSilences silences) : ISourceActivity
{
    private sealed class Entry
    {
        public long First, Last, Received;
        public Cadence Cadence = new();
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    public IReadOnlyList<SourceActivity> Sources
    {
        get
        {
            lock (_gate)
                return [.. sources.All.Select(s => (_entries.TryGetValue(s.Id, out var e)
                    ? new SourceActivity(s.Id, s.Name, StateTime.FromMicroseconds(e.First), StateTime.FromMicroseconds(e.Last), s.Enabled ? e.Cadence.Expected : null, e.Received)
                    : new SourceActivity(s.Id, s.Name, null, null, null, 0)) with { SilenceExpectedUntil = silences.Find(s.Id)?.Until })];
        }
    }

    public void Load(DbConnection connection)
    {
        // Both at once: a source must not count as silent before it is known that it was to be.
        silences.Load(connection);
        var rows = connection.Query("SELECT source, first_received, last_received, received, gaps FROM collector_activity",
            r => (r.GetString(0), new Entry { First = r.GetInt64(1), Last = r.GetInt64(2), Received = r.GetInt64(3), Cadence = Cadence.Load(r.GetString(4)) }));
        lock (_gate) foreach (var (source, entry) in rows) _entries[source] = entry;
    }

    /// <summary>Takes what a batch saw, once, before the batch is written.</summary>
    public void Observe(IReadOnlyDictionary<string, ReceivedRun> received)
    {
        lock (_gate)
            foreach (var (source, run) in received)
            {
                if (!_entries.TryGetValue(source, out var entry)) _entries[source] = entry = new Entry { First = run.Seconds[0] * 1_000_000 };
                entry.Received += run.Count;
                entry.Last = Math.Max(entry.Last, run.Seconds[^1] * 1_000_000);
                foreach (var second in run.Seconds) entry.Cadence.Observe(second);
            }
    }

    public void Write(DbTransaction transaction, IReadOnlyDictionary<string, ReceivedRun> received)
    {
        List<(string, long, long, long, string)> rows;
        lock (_gate) rows = [.. received.Keys.Where(_entries.ContainsKey).Select(s => (s, _entries[s].First, _entries[s].Last, _entries[s].Received, _entries[s].Cadence.Save()))];
        foreach (var (source, first, last, count, gaps) in rows)
            transaction.Execute(
                """
                INSERT INTO collector_activity(source, first_received, last_received, received, gaps) VALUES (@p0, @p1, @p2, @p3, @p4)
                ON CONFLICT(source) DO UPDATE SET last_received = excluded.last_received, received = excluded.received, gaps = excluded.gaps
                """, source, first, last, count, gaps);
    }
}
