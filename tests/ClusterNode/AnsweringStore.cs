using Beacon.Events;

namespace Beacon.ClusterNode;

/// <summary>
/// Finds one group in every window, named after the process that asks: a window that two processes closed would stand in the alerts
/// twice, under two ids.
/// </summary>
internal sealed class AnsweringStore(string process, TimeSpan takes, TimeProvider time) : IEventStore
{
    public string Kind => "answering";
    public long CommittedSequence => 0;

    public async Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation)
    {
        await Task.Delay(takes, time, cancellation);
        return [.. queries.Select(q => (IReadOnlyList<GroupCount>)[new GroupCount([process], 3, 3, q.Range.From, q.Range.From, default)])];
    }

    public Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation) => Task.FromResult<SecurityEvent?>(null);
    public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HistogramBucket>>([]);
    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<StoreStatus> StatusAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
