using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>Keeps events in memory; answers the questions that threshold rules ask: equality, conjunction, negation, groups.</summary>
internal sealed class FakeEventStore : IEventStore
{
    // Spans are evaluated beside each other.
    private int _queries, _scans, _counts;

    public List<SecurityEvent> Events { get; } = [];
    public int Queries => _queries;
    public Func<Exception?> Fault { get; set; } = static () => null;
    public Func<GroupQuery, Exception?> FaultOf { get; set; } = static _ => null;

    /// <summary>Times that several queries were asked together.</summary>
    public int Scans => _scans;

    /// <summary>Counts of single windows, that finding late events asked for.</summary>
    public int Counts => _counts;

    public string Kind => "memory";
    public long CommittedSequence => 0;

    public Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queries);
        if ((Fault() ?? FaultOf(query)) is { } fault) throw fault;
        var groups = Events.Where(e => query.Range.Contains(e.Timestamp) && Passes(e, query.Filter) && query.GroupBy.All(f => e.GetText(f) is not null))
            .GroupBy(e => string.Join('\u001f', query.GroupBy.Select(f => e.GetText(f))))
            .Select(g => new GroupCount([.. g.Key.Split('\u001f').Take(query.GroupBy.Count)],
                query.DistinctField is null ? g.Count() : g.Select(e => e.GetText(query.DistinctField)).Where(static v => v is not null).Distinct().Count(),
                g.Count(), g.Min(static e => e.Timestamp), g.Max(static e => e.Timestamp), g.MaxBy(static e => e.Timestamp)!.Id))
            .Where(g => g.Count >= query.AtLeast).OrderByDescending(static g => g.Count).Take(query.Limit);
        return Task.FromResult<IReadOnlyList<GroupCount>>([.. groups]);
    }

    public Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation) => Task.FromResult(Events.Find(e => e.Id == id));

    private static bool Passes(SecurityEvent e, EventFilter filter) => filter switch
    {
        AllFilter => true,
        AndFilter and => and.Parts.All(p => Passes(e, p)),
        OrFilter or => or.Parts.Any(p => Passes(e, p)),
        NotFilter not => !Passes(e, not.Part),
        FieldFilter { Field: "event.ingested" } received => DateTimeOffset.Parse(received.Value, System.Globalization.CultureInfo.InvariantCulture) is var at && (received.Test == FieldTest.Less ? e.Received < at : e.Received >= at),
        FieldFilter { Test: FieldTest.Equals } equal => string.Equals(e.GetText(equal.Field), equal.Value, StringComparison.OrdinalIgnoreCase),
        _ => throw new NotSupportedException(filter.ToString()),
    };

    public Task OpenAsync(CancellationToken cancellation) => throw new NotSupportedException();
    public Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _counts);
        return Task.FromResult(Events.LongCount(e => range.Contains(e.Timestamp) && Passes(e, filter)));
    }

    public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HistogramBucket>>(
        [.. Events.Where(e => range.Contains(e.Timestamp) && Passes(e, filter)).GroupBy(e => new DateTimeOffset(e.Timestamp.UtcTicks - (e.Timestamp.UtcTicks % interval.Ticks), TimeSpan.Zero))
            .Select(static g => new HistogramBucket(g.Key, g.Count())).OrderBy(static b => b.Start)]);

    public Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public async Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation)
    {
        var answers = new List<IReadOnlyList<GroupCount>>();
        if (queries.Count > 1) Interlocked.Increment(ref _scans);
        foreach (var query in queries) answers.Add(await GroupAsync(query, cancellation));
        return answers;
    }

    public IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<StoreStatus> StatusAsync(CancellationToken cancellation) => throw new NotSupportedException();
}

internal sealed class FakeActivity : ISourceActivity
{
    public List<SourceActivity> Known { get; } = [];
    public IReadOnlyList<SourceActivity> Sources => Known;
}

internal sealed class FakeWatermark : IIngestWatermark
{
    public DateTimeOffset CompleteUpTo { get; set; }
}

/// <summary>Takes detections by id into a table of its own, in one transaction with what comes along; can be made to break.</summary>
internal sealed class FakeSink(IStateDatabase database) : IDetectionSink
{
    public static readonly StateSchema Schema = new("fake", ["CREATE TABLE taken(id TEXT PRIMARY KEY, times INTEGER NOT NULL)"]);

    /// <summary>Thrown before the transaction begins, within it, or after it was committed.</summary>
    public string Break { get; set; } = "";

    public List<Detection> Taken { get; } = [];

    public async Task CommitAsync(IReadOnlyList<Detection> detections, Action<DbTransaction>? also, CancellationToken cancellation)
    {
        if (Break == "before") throw new IOException("before");
        await database.WriteAsync(transaction =>
        {
            foreach (var detection in detections)
                transaction.Execute("INSERT INTO taken(id, times) VALUES (@p0, 1) ON CONFLICT(id) DO UPDATE SET times = taken.times + 1", detection.Id.Value);
            also?.Invoke(transaction);
            if (Break == "within") throw new IOException("within");
            return 0;
        }, cancellation);
        Taken.AddRange(detections);
        if (Break == "after") throw new IOException("after");
    }

    public Task<List<(string Id, int Times)>> StoredAsync() => database.ReadAsync(static c => c.Query("SELECT id, times FROM taken ORDER BY id", static r => (r.GetString(0), r.GetInt32(1))));
}
