namespace Beacon.Events;

/// <summary>A search: newest first unless <see cref="OldestFirst"/>.</summary>
public sealed record EventQuery
{
    public EventFilter Filter { get; init; } = EventFilter.All;
    public TimeRange Range { get; init; } = TimeRange.Unbounded;
    public bool OldestFirst { get; init; }
    /// <summary>Rows, 1 to 10,000.</summary>
    public int Limit { get; init; } = 100;
    /// <summary>From <see cref="EventPage.Next"/>: goes on behind the last row of that page.</summary>
    public string? After { get; init; }
}

/// <param name="Next">Null at the end.</param>
public sealed record EventPage(IReadOnlyList<SecurityEvent> Events, string? Next);

public sealed record HistogramBucket(DateTimeOffset Start, long Count);
public sealed record ValueCount(string Value, long Count);
/// <summary>The events of the same source and host before and after one, in order of time.</summary>
public sealed record EventNeighbours(IReadOnlyList<SecurityEvent> Before, SecurityEvent Event, IReadOnlyList<SecurityEvent> After);

/// <summary>Counts by group: what a threshold detector asks.</summary>
/// <param name="GroupBy">Fields; an event that lacks one is in no group, and one with several values in a group for each, or for each combination. Empty: one group of all.</param>
/// <param name="DistinctField">Counts distinct values of it instead of events; null for events.</param>
/// <param name="AtLeast">Groups below it are left out.</param>
/// <param name="Limit">Groups answered at most, the largest first.</param>
public sealed record GroupQuery(EventFilter Filter, TimeRange Range, IReadOnlyList<string> GroupBy, string? DistinctField, long AtLeast, int Limit);

/// <param name="Count">What was asked for: different values, or events.</param>
/// <param name="Events">Events of the group, each once.</param>
/// <param name="Sample">The newest event of the group.</param>
public sealed record GroupCount(IReadOnlyList<string> Key, long Count, long Events, DateTimeOffset First, DateTimeOffset Last, SecurityEventId Sample);

/// <summary>An event that the store answers for but has not among its events.</summary>
/// <param name="Kept">Kept aside with the reason; else there was no room for it.</param>
public sealed record EventRefusal(long Sequence, string Source, DateTimeOffset Received, bool Kept);

/// <summary>One stored day or index.</summary>
public sealed record StorePart(string Name, DateTimeOffset? From, DateTimeOffset? To, long Events, long Bytes);
public sealed record StoreStatus(string Kind, long Events, long Bytes, IReadOnlyList<StorePart> Parts)
{
    /// <summary>Events that the store's server refused and that are kept aside with the reason.</summary>
    public long Refused { get; init; }
}

/// <summary>The query asks for more than the store gives; the message is for the person who asked.</summary>
public sealed class EventQueryException(Phrase message) : Exception(message.ToString())
{
    public Phrase Said => message;
}

/// <summary>
/// Keeps events and answers questions about them. Every store passes the same contract tests. An append is atomic and durable on
/// return; appending a sequence number again stores nothing twice.
/// </summary>
public interface IEventStore
{
    /// <summary>"duckdb", "elasticsearch".</summary>
    string Kind { get; }

    /// <summary>Highest sequence number whose event, and every earlier one, is stored or was skipped on purpose; 0 at first.</summary>
    long CommittedSequence { get; }

    /// <summary>Opens or creates the store and recovers after a crash.</summary>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Stores the events and moves <see cref="CommittedSequence"/> to <paramref name="upTo"/>, both or neither.</summary>
    Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation);

    /// <summary>Which events of an append were not stored, by their sequence numbers: of the last one surely, also after a crash; of earlier ones those that are kept.</summary>
    Task<IReadOnlyList<EventRefusal>> RefusalsAsync(long after, long upTo, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<EventRefusal>>([]);

    Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation);
    Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation);
    Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation);
    Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation);

    /// <summary>Counts by interval, empty buckets left out; refused over 10,000 buckets.</summary>
    Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation);

    /// <summary>Each value of a field that has several is counted, and once for an event; so it is wherever events are grouped, counted by different values or measured.</summary>
    Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation);
    Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation);

    /// <summary>The answers to several group queries in their order; queries of the same range share one pass over the events.</summary>
    Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation);

    /// <summary>
    /// Reads matching events oldest first, in batches. What is appended after the call began is not seen; memory is bounded by a batch.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, CancellationToken cancellation);

    Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation);

    Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation);

    /// <summary>Field names seen lately with their number of events, for completion.</summary>
    Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation);

    /// <summary>Removes whole parts that were ingested before the instant.</summary>
    /// <returns>Number of events removed.</returns>
    Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation);

    Task<StoreStatus> StatusAsync(CancellationToken cancellation);
}
