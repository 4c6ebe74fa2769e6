using System.Data.Common;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Pipeline;

/// <summary>Stands for a process that was killed: work that meets it never goes on.</summary>
internal sealed class Crash : Exception;

/// <summary>A store in memory that outlives the pipeline, as files outlive a process. Refuses a double, so that a test cannot miss one.</summary>
internal sealed class FakeStore : IEventStore
{
    private readonly Lock _gate = new();
    private long _committed;
    public Dictionary<long, SecurityEvent> Events { get; } = [];
    public List<long> Doubles { get; } = [];
    /// <summary>Runs before, and after, each append is made durable; what it throws is thrown.</summary>
    public Action? Before { get; set; }
    public Action? After { get; set; }

    public string Kind => "fake";
    public long CommittedSequence => Volatile.Read(ref _committed);
    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation)
    {
        Before?.Invoke();
        lock (_gate)
        {
            foreach (var e in events)
                if (!Events.TryAdd(e.Sequence, e.Clone())) Doubles.Add(e.Sequence);
            Volatile.Write(ref _committed, Math.Max(_committed, upTo));
        }
        After?.Invoke();
        return Task.CompletedTask;
    }

    /// <summary>Refuses an event, as a server's mapping does: true keeps it aside, false says that there was no room.</summary>
    public Func<SecurityEvent, bool?> Refuse { get; set; } = static _ => null;

    public Task<IReadOnlyList<EventRefusal>> RefusalsAsync(long after, long upTo, CancellationToken cancellation)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<EventRefusal>>([.. Events.Values.Where(e => e.Sequence > after && e.Sequence <= upTo).SelectMany<SecurityEvent, EventRefusal>(e => Refuse(e) is { } kept ? [new EventRefusal(e.Sequence, e.Source, e.Received, kept)] : [])]);
    }

    public Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation) => throw new NotSupportedException();
    public IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<StoreStatus> StatusAsync(CancellationToken cancellation) => throw new NotSupportedException();
}

/// <summary>Finds every event whose message says "attack", and remembers each event that it was given.</summary>
internal sealed class FakeDetector : IStreamDetector
{
    private List<long> _seen = [];

    /// <summary>The clock as it was told last.</summary>
    public DateTimeOffset Clock { get; private set; }

    public void Advance(DateTimeOffset clock, ICollection<Detection> detections) => Clock = clock;

    public Action<DbTransaction>? TakeChanges()
    {
        if (_seen.Count == 0) return null;
        var seen = _seen;
        _seen = [];
        return tx =>
        {
            foreach (var sequence in seen) tx.Execute("INSERT INTO seen(sequence, times) VALUES (@p0, 1) ON CONFLICT(sequence) DO UPDATE SET times = seen.times + 1", sequence);
        };
    }

    public void Detect(SecurityEvent e, ICollection<Detection> detections)
    {
        _seen.Add(e.Sequence);
        if (e.GetText(Field.Message)?.Contains("attack", StringComparison.Ordinal) != true) return;
        detections.Add(new Detection
        {
            Id = new DetectionId("r:" + e.Id), RuleId = "r", RuleTitle = "attack", RuleKind = "sigma", Severity = Severity.High, Time = e.Timestamp, Received = e.Received, Entity = Entities.Primary(e),
        });
    }
}

/// <summary>Keeps detections in the state database's transaction, as alerts are kept.</summary>
internal sealed class FakeSink(IStateDatabase state) : IDetectionSink
{
    public static readonly StateSchema Schema = new("fake", ["CREATE TABLE found(id TEXT PRIMARY KEY, times INTEGER NOT NULL)", "CREATE TABLE seen(sequence BIGINT PRIMARY KEY, times INTEGER NOT NULL)"]);
    public Action? Before { get; set; }
    public Action? After { get; set; }

    public async Task CommitAsync(IReadOnlyList<Detection> detections, Action<DbTransaction>? also, CancellationToken cancellation)
    {
        Before?.Invoke();
        await state.WriteAsync(tx =>
        {
            foreach (var d in detections) tx.Execute("INSERT INTO found(id, times) VALUES (@p0, 1) ON CONFLICT(id) DO UPDATE SET times = found.times + 1", d.Id.Value);
            also?.Invoke(tx);
            return 0;
        }, cancellation);
        After?.Invoke();
    }
}

/// <summary>The state database with a fault to inject around its transactions.</summary>
internal sealed class FaultyState(IStateDatabase inner) : IStateDatabase
{
    public Action? BeforeWrite { get; set; }
    public Action? AfterWrite { get; set; }

    public bool IsShared => inner.IsShared;
    public DateTimeOffset Now(DbConnection connection) => inner.Now(connection);

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => inner.ReadAsync(read, cancellation);

    public async Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default)
    {
        BeforeWrite?.Invoke();
        var result = await inner.WriteAsync(write, cancellation);
        AfterWrite?.Invoke();
        return result;
    }
}
