using System.Collections.Concurrent;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Writing;

/// <summary>
/// Stores events by bulk requests of bounded size, several at once. An id that is known already (409) is a success, so that a batch can be sent as often
/// as needed. Where the server is full (429) requests wait and become smaller; one that is too large (413) is halved.
/// </summary>
internal sealed class BulkWriter(ElasticGateway gateway, ElasticsearchOptions options, StoreMeter meter, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);
    private const int SmallestChunk = 50;

    private readonly ConcurrentBag<EventDocument> _writers = [];
    private readonly string _path = $"/{options.Events}/_bulk?filter_path=errors,items.*.status,items.*.error";
    private int _chunkEvents = options.BulkEvents;
    private int _chunkBytes = options.BulkBytes;

    /// <summary>Events that a request takes now: fewer after the server was overloaded.</summary>
    public int ChunkEvents => Volatile.Read(ref _chunkEvents);

    /// <summary>The largest request that the server takes, as it says itself.</summary>
    public void LimitBytes(long most) => _chunkBytes = (int)Math.Clamp(most / 2, 64 * 1024, options.BulkBytes);

    /// <summary>On return every event is stored durably or among those refused.</summary>
    /// <exception cref="ElasticException">Some are not stored; all can be written again.</exception>
    public async Task<IReadOnlyCollection<RefusedEvent>> WriteAsync(IReadOnlyList<SecurityEvent> events, CancellationToken cancellation)
    {
        var refused = new ConcurrentQueue<RefusedEvent>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = new ChunkCursor();
        // Each lane makes a chunk while the server works on the other's.
        var lanes = Enumerable.Range(0, Math.Min(options.BulkInFlight, Math.Max(1, events.Count / SmallestChunk)))
            .Select(_ => Task.Run(() => LaneAsync(events, next, refused, stop), CancellationToken.None)).ToList();
        try
        {
            await Task.WhenAll(lanes).ConfigureAwait(false);
        }
        catch when (!cancellation.IsCancellationRequested)
        {
            // One lane's fault stops the others; theirs is no more than that.
            var fault = lanes.Select(l => l.Exception?.InnerException).FirstOrDefault(f => f is not null and not OperationCanceledException);
            if (fault is ElasticException) throw fault;
            throw;
        }
        return refused;
    }

    private async Task LaneAsync(IReadOnlyList<SecurityEvent> events, ChunkCursor next, ConcurrentQueue<RefusedEvent> refused, CancellationTokenSource stop)
    {
        if (!_writers.TryTake(out var document)) document = new EventDocument();
        try
        {
            while (next.Take(events.Count, ChunkEvents) is { Count: > 0 } share)
            {
                for (var place = share.From; place < share.To;)
                {
                    using var chunk = new BulkChunk(Math.Min(_chunkBytes + (64 * 1024), 256 * 1024 + (share.Count * 1500)));
                    while (place < share.To && chunk.Count < ChunkEvents && chunk.Bytes < _chunkBytes) chunk.Add(events[place++], document);
                    await SendAsync(chunk, refused, clock.GetTimestamp(), stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _writers.Add(document);
        }
    }

    private async Task SendAsync(BulkChunk chunk, ConcurrentQueue<RefusedEvent> refused, long begun, CancellationToken cancellation)
    {
        var pause = FirstPause;
        var left = chunk;
        try
        {
            while (left.Count > 0)
            {
                var (status, faults) = await PostAsync(left, cancellation).ConfigureAwait(false);
                if (status == 413)
                {
                    if (left.Count == 1) Refuse(refused, left, new BulkFault(0, 413, "content_too_long", $"the event takes {left.Bytes:N0} bytes, more than the server takes"));
                    else await HalveAsync(left, refused, begun, cancellation).ConfigureAwait(false);
                    return;
                }
                var again = new List<int>();
                foreach (var fault in faults)
                {
                    if (fault.IsStored) meter.Known();
                    else if (fault.IsBusy) again.Add(fault.Place);
                    else if (fault.IsRefused) Refuse(refused, left, fault);
                    else throw new ElasticException(fault.Status, fault.Type, $"{_path.Split('?')[0]}: {fault.Status} {fault.Type} {fault.Reason}");
                }
                if (status == 429) again = [.. Enumerable.Range(0, left.Count)];
                if (again.Count == 0)
                {
                    if (faults.Count == 0) Grow();
                    return;
                }
                Shrink();
                if (clock.GetElapsedTime(begun) > options.BusyPatience) throw new ElasticException(429, "", $"the server has been too busy for {options.BusyPatience.TotalSeconds:0} s; the batch is tried again");
                await Task.Delay(pause, clock, cancellation).ConfigureAwait(false);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                if (again.Count == left.Count && left.Count > ChunkEvents)
                {
                    await HalveAsync(left, refused, begun, cancellation).ConfigureAwait(false);
                    return;
                }
                if (again.Count == left.Count) continue;
                var part = left.Take(again);
                if (!ReferenceEquals(left, chunk)) left.Dispose();
                left = part;
            }
        }
        finally
        {
            if (!ReferenceEquals(left, chunk)) left.Dispose();
        }
    }

    private async Task HalveAsync(BulkChunk chunk, ConcurrentQueue<RefusedEvent> refused, long begun, CancellationToken cancellation)
    {
        foreach (var (from, count) in new[] { (0, chunk.Count / 2), (chunk.Count / 2, chunk.Count - chunk.Count / 2) })
        {
            if (count == 0) continue;
            using var half = chunk.Take([.. Enumerable.Range(from, count)]);
            await SendAsync(half, refused, begun, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(int Status, IReadOnlyList<BulkFault> Faults)> PostAsync(BulkChunk chunk, CancellationToken cancellation)
    {
        using var compressed = options.Compresses ? chunk.Compressed() : null;
        var request = new ElasticRequest(HttpMethod.Post, _path, compressed?.WrittenMemory ?? chunk.Body, options.WriteTimeout, compressed is not null, "application/x-ndjson");
        var sent = clock.GetTimestamp();
        using var answer = await gateway.SendAsync(request, cancellation).ConfigureAwait(false);
        meter.Sent(chunk.Count, request.Body.Length, clock.GetElapsedTime(sent));
        if (answer.Status is 413 or 429)
        {
            // A full disk answers 429 too: that does not pass by waiting a little, and its name must reach the log.
            if (answer.Status == 429 && answer.ToFault("storing events") is { Type: "cluster_block_exception" } blocked) throw blocked;
            return (answer.Status, []);
        }
        if (!answer.Succeeded) throw answer.ToFault("storing events");
        return (answer.Status, BulkAnswer.Read(answer, chunk.Count));
    }

    private void Refuse(ConcurrentQueue<RefusedEvent> refused, BulkChunk chunk, BulkFault fault)
    {
        meter.Refused();
        refused.Enqueue(new RefusedEvent(chunk.EventAt(fault.Place), $"{fault.Type}: {fault.Reason}"));
    }

    private void Shrink()
    {
        meter.Busy();
        Volatile.Write(ref _chunkEvents, Math.Max(SmallestChunk, ChunkEvents / 2));
    }

    private void Grow()
    {
        if (ChunkEvents < options.BulkEvents) Volatile.Write(ref _chunkEvents, Math.Min(options.BulkEvents, ChunkEvents + Math.Max(1, ChunkEvents / 8)));
    }

    /// <summary>Gives each lane the next events: it makes its request while the others make theirs.</summary>
    private sealed class ChunkCursor
    {
        private readonly Lock _lock = new();
        private int _place;

        public Share Take(int all, int most)
        {
            lock (_lock)
            {
                var share = new Share(_place, Math.Min(all, _place + most));
                _place = share.To;
                return share;
            }
        }
    }

    private readonly record struct Share(int From, int To)
    {
        public int Count => To - From;
    }
}
