using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Indices;
using Beacon.Storage.Elasticsearch.Queries;
using Beacon.Storage.Elasticsearch.Rest;
using Beacon.Storage.Elasticsearch.Writing;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.Elasticsearch;

/// <summary>
/// The scale-out event store on Elasticsearch or OpenSearch. A batch is written under ids that follow from its events, then its number is committed in a
/// document; questions see events up to the committed number only. So a batch that failed half way is neither seen nor doubled when it comes again.
/// </summary>
public sealed partial class ElasticsearchEventStore : IEventStore, IAsyncDisposable
{
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<ElasticsearchEventStore> _log;
    private readonly StoreMeter _meter = new();
    private readonly ElasticGateway _gateway;
    private readonly ElasticClient _client;
    private readonly EventIndices _indices;
    private readonly Progress _progress;
    private readonly BulkWriter _writer;
    private readonly RefusedEvents _refused;
    private readonly SemaphoreSlim _append = new(1, 1);
    private readonly SemaphoreSlim _refresh = new(1, 1);
    private ServerFeatures? _features;
    private long _committed;
    private long _refreshed = -1;
    private long _written;
    private bool _halfWritten;
    private int _disposed;

    /// <param name="state">Keeps events that the server refuses; without it a refusal fails the append.</param>
    /// <exception cref="InvalidDataException">A file named in the options can't be used.</exception>
    public ElasticsearchEventStore(ElasticsearchOptions options, IStateDatabase? state, TimeProvider clock, ILogger<ElasticsearchEventStore> log)
    {
        (_options, _clock, _log) = (options, clock, log);
        _gateway = new ElasticGateway(options, clock, log);
        _client = new ElasticClient(_gateway, options, clock);
        _indices = new EventIndices(_client, options);
        _progress = new Progress(_client, options);
        _writer = new BulkWriter(_gateway, options, _meter, clock);
        _refused = new RefusedEvents(state, options, _meter, clock, log);
    }

    /// <summary>The table of refused events.</summary>
    public static StateSchema Schema => RefusedEvents.Schema;

    public string Kind => "elasticsearch";
    public long CommittedSequence => Interlocked.Read(ref _committed);

    /// <exception cref="InvalidDataException">The cluster does not answer, or what stands there is not ours; the message says what to do.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await _append.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _features = await ServerFeatures.ProbeAsync(_client, _options, cancellation).ConfigureAwait(false);
            _writer.LimitBytes(_features.MostBytes);
            await _indices.OpenAsync(_features, cancellation).ConfigureAwait(false);
            await _progress.ReadAsync(cancellation).ConfigureAwait(false);
            Interlocked.Exchange(ref _committed, _progress.UpTo);
            await _indices.RefreshAsync(cancellation).ConfigureAwait(false);
            Interlocked.Exchange(ref _refreshed, _progress.UpTo);
            _halfWritten = await RowsAboveAsync(_progress.UpTo, cancellation).ConfigureAwait(false) > 0;
            LogOpened(_features.Product, _features.DataStreams ? "a data stream" : "an alias", _progress.UpTo);
        }
        catch (ElasticException fault)
        {
            throw new InvalidDataException($"The event store can't be opened (Elasticsearch:Nodes): {fault.Message}");
        }
        finally
        {
            _append.Release();
        }
    }

    public async Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation)
    {
        await _append.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (upTo <= CommittedSequence) return;
            var day = await DayAsync(cancellation).ConfigureAwait(false);
            if (events.Count > 0)
            {
                _halfWritten = true;
                await _refused.KeepAsync(await _writer.WriteAsync(events, cancellation).ConfigureAwait(false), events[0].Sequence, cancellation).ConfigureAwait(false);
            }
            await _progress.WriteAsync(upTo, day, cancellation).ConfigureAwait(false);
            _halfWritten = false;
            _written += events.Count;
            Interlocked.Exchange(ref _committed, upTo);
        }
        finally
        {
            _append.Release();
        }
    }

    public Task<IReadOnlyList<EventRefusal>> RefusalsAsync(long after, long upTo, CancellationToken cancellation) => _refused.ListAsync(after, upTo, cancellation);

    /// <summary>The day whose index takes what comes now, begun where it is another one.</summary>
    private async Task<DateOnly> DayAsync(CancellationToken cancellation)
    {
        var today = Today();
        // Ids are known within one index only: a batch that is partly there must end where it began.
        if (_halfWritten && _progress.Day is { } begun) return begun;
        if (_progress.Day is { } day && (day != today || _written >= _options.RollEvents))
        {
            await _indices.RollAsync(cancellation).ConfigureAwait(false);
            _written = 0;
        }
        return today;
    }

    public async Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation)
    {
        await _append.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var last = new[] { DateOnly.FromDateTime(ingestedBefore.UtcDateTime), Today() }.Min();
            var parts = await PartsAsync(cancellation).ConfigureAwait(false);
            var indices = await _indices.ListAsync(cancellation).ConfigureAwait(false);
            bool IsOld(EventIndex i) => parts.TryGetValue(i.Name, out var p) ? DateOnly.FromDateTime(p.Ingested.UtcDateTime) < last : !i.IsWritten;
            var old = indices.Where(IsOld).ToList();
            if (_halfWritten) old.RemoveAll(i => i.IsWritten);
            if (old.Exists(i => i.IsWritten))
            {
                await _indices.RollAsync(cancellation).ConfigureAwait(false);
                await _progress.WriteAsync(_progress.UpTo, Today(), cancellation).ConfigureAwait(false);
            }
            long removed = 0;
            foreach (var index in old)
            {
                await _indices.RemoveAsync(index, cancellation).ConfigureAwait(false);
                removed += parts.TryGetValue(index.Name, out var part) ? part.Events : 0;
            }
            if (old.Count > 0) LogRemoved(old.Count, removed);
            return removed;
        }
        finally
        {
            _append.Release();
        }
    }

    public async Task<StoreStatus> StatusAsync(CancellationToken cancellation)
    {
        var parts = await PartsAsync(cancellation).ConfigureAwait(false);
        var bytes = await _indices.BytesAsync(cancellation).ConfigureAwait(false);
        var list = (await _indices.ListAsync(cancellation).ConfigureAwait(false)).Reverse().Select(i => parts.TryGetValue(i.Name, out var p)
            ? new StorePart(i.Name, p.From, p.To, p.Events, bytes.GetValueOrDefault(i.Name))
            : new StorePart(i.Name, null, null, 0, bytes.GetValueOrDefault(i.Name))).ToList();
        return new StoreStatus(Kind, list.Sum(p => p.Events), list.Sum(p => p.Bytes), list) { Refused = await _refused.CountAsync(cancellation).ConfigureAwait(false) };
    }

    /// <summary>Removes every event, the committed sequence and the template: the end of a demonstration or a measurement.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellation)
    {
        await _append.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _indices.RemoveAllAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _append.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A container that knows the store under two types disposes it twice.
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _append.WaitAsync().ConfigureAwait(false);
        _gateway.Dispose();
        _meter.Dispose();
        _append.Dispose();
        _refresh.Dispose();
    }

    private sealed record Part(DateTimeOffset From, DateTimeOffset To, DateTimeOffset Ingested, long Events);

    /// <summary>Times and number of the events of each index that has any.</summary>
    private async Task<Dictionary<string, Part>> PartsAsync(CancellationToken cancellation)
    {
        static JsonObject Of(string what, string field) => new() { [what] = new JsonObject { ["field"] = field } };
        var aggregations = new JsonObject { ["from"] = Of("min", "beacon.us"), ["to"] = Of("max", "beacon.us"), ["ingested"] = Of("max", "beacon.received") };
        using var answer = await AskAsync(EventFilter.All, TimeRange.Unbounded, new JsonObject
        {
            ["size"] = 0,
            ["track_total_hits"] = false,
            ["aggs"] = new JsonObject { ["parts"] = new JsonObject { ["terms"] = new JsonObject { ["field"] = "_index", ["size"] = 10_000 }, ["aggs"] = aggregations } },
        }, cancellation).ConfigureAwait(false);
        static double Value(JsonElement bucket, string name) => bucket.GetProperty(name).GetProperty("value").GetDouble();
        return answer.RootElement.GetProperty("aggregations").GetProperty("parts").GetProperty("buckets").EnumerateArray().ToDictionary(
            b => b.GetProperty("key").GetString()!,
            b => new Part(StateTime.FromMicroseconds((long)Value(b, "from")), StateTime.FromMicroseconds((long)Value(b, "to")), DateTimeOffset.FromUnixTimeMilliseconds((long)Value(b, "ingested")), b.GetProperty("doc_count").GetInt64()));
    }

    private async Task<long> RowsAboveAsync(long sequence, CancellationToken cancellation)
    {
        using var answer = await _client.SearchAsync($"/{_options.Events}/_count", new JsonObject { ["query"] = FilterQuery.Range("beacon.sequence", "gt", sequence) }, cancellation).ConfigureAwait(false);
        return answer.RootElement.GetProperty("count").GetInt64();
    }

    private DateOnly Today() => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    [LoggerMessage(5014, LogLevel.Information, "The event store is {Product} with {Indices}; events are stored up to {UpTo}")]
    private partial void LogOpened(string product, string indices, long upTo);

    [LoggerMessage(5003, LogLevel.Information, "Retention removed {Indices} indices with {Events} events")]
    private partial void LogRemoved(int indices, long events);
}
