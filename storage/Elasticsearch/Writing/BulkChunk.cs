using System.IO.Compression;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Writing;

/// <summary>Events as the body of one bulk request, with the place of each, so that some of them can be sent again.</summary>
internal sealed class BulkChunk : IDisposable
{
    private static readonly byte[] Open = [.. "{\"create\":{\"_id\":\""u8];
    private static readonly byte[] Close = [.. "\"}}\n"u8];

    private readonly ByteBuffer _body;
    private readonly List<int> _ends = [];
    private readonly List<SecurityEvent> _events = [];

    public BulkChunk(int bytes) => _body = new ByteBuffer(bytes);

    public int Count => _events.Count;
    public int Bytes => _body.Count;
    public SecurityEvent EventAt(int index) => _events[index];

    public void Add(SecurityEvent e, EventDocument writer)
    {
        _body.Add(Open);
        Span<byte> id = stackalloc byte[EventId.Length];
        EventId.Write(e.Id, id);
        _body.Add(id);
        _body.Add(Close);
        writer.Write(e, _body);
        _events.Add(e);
        _ends.Add(_body.Count);
    }

    /// <summary>A chunk of those at the given places, in order.</summary>
    public BulkChunk Take(IReadOnlyList<int> places)
    {
        var part = new BulkChunk(Math.Max(1024, places.Sum(p => _ends[p] - Start(p))));
        foreach (var place in places)
        {
            part._body.Add(_body.WrittenSpan[Start(place).._ends[place]]);
            part._events.Add(_events[place]);
            part._ends.Add(part._body.Count);
        }
        return part;
    }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>The body under gzip (RFC 1952).</summary>
    public ByteBuffer Compressed()
    {
        var output = new ByteBuffer(_body.Count / 4 + 1024);
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(_body.WrittenSpan);
        return output;
    }

    private int Start(int place) => place == 0 ? 0 : _ends[place - 1];

    public void Dispose() => _body.Dispose();
}
