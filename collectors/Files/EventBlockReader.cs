using Beacon.Collectors.Parsers;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>Makes events of blocks. One a thread: the event that it hands out is its own, and is used again for the next.</summary>
public sealed class EventBlockReader
{
    private readonly ParserCatalog _parsers;
    private readonly IEventParser? _parser;
    private readonly SecurityEvent _event = new(4096, 64);
    private readonly EvtxChunkReader _chunk;
    private Action<EventFileFault> _fault = static _ => { };
    private EventBlock _block = null!;
    private long _events;
    private long _faults;
    private long _unrecognised;

    /// <param name="format">One of <see cref="EventFileReader.Formats"/>.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public EventBlockReader(ParserCatalog parsers, string format)
    {
        _parsers = parsers;
        _parser = EventFileReader.ParserOf(parsers, format);
        _chunk = new EvtxChunkReader(f => Fault($"byte {f.Offset}", f.Reason));
    }

    /// <summary>Reads a block's events in their order.</summary>
    /// <param name="each">Called with each event and its number: the EventRecordID, or that of the line or object. It must not keep the event.</param>
    /// <param name="fault">Called for each thing that cannot be read, the block's own faults first.</param>
    public EventFileSummary Read(EventBlock block, Action<SecurityEvent, long> each, Action<EventFileFault> fault)
    {
        (_block, _fault, _events, _faults, _unrecognised) = (block, fault, 0, block.Faults.Count, 0);
        foreach (var before in block.Faults) fault(before);
        switch (block.Kind)
        {
            case EventBlockKind.Lines:
                ReadLines(each);
                break;
            case EventBlockKind.Objects:
                var number = block.First;
                foreach (var place in block.Objects) Parse(block.Document.Span[place], number++, "object", each);
                break;
            case EventBlockKind.EvtxChunks:
                ReadChunks(each);
                break;
        }
        return new EventFileSummary(_events, block.Bytes, _faults, _unrecognised);
    }

    private void ReadLines(Action<SecurityEvent, long> each)
    {
        var text = _block.Buffer.AsSpan(0, _block.Bytes);
        for (var line = _block.First; !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var one = Text.TrimEnd(end < 0 ? text : text[..end]);
            text = end < 0 ? [] : text[(end + 1)..];
            if (line == 1 && one.StartsWith("\uFEFF"u8)) one = one[3..];
            if (!one.IsEmpty) Parse(one, line, "line", each);
        }
    }

    private void ReadChunks(Action<SecurityEvent, long> each)
    {
        for (var at = 0; at < _block.Bytes; at += EvtxChunk.Size)
        {
            _chunk.Open(_block.Buffer.AsSpan(at, Math.Min(EvtxChunk.Size, _block.Bytes - at)), _block.First + at);
            while (_chunk.TryRead(_event))
            {
                if (!_event.TryGetInteger(Field.WinlogRecordId, out var id)) id = _chunk.RecordId;
                _event.Received = _event.Timestamp;
                _events++;
                each(_event, id);
            }
        }
    }

    private void Parse(ReadOnlySpan<byte> text, long number, string unit, Action<SecurityEvent, long> each)
    {
        _event.Reset();
        _event.Received = _event.Timestamp = _block.File.Modified;
        var result = _parsers.Parse(_parser, text, FrameInfo.At(_block.File.Modified), _event, out var recognised);
        if (!result.Succeeded)
        {
            Fault($"{unit} {number}", result.Error!);
            return;
        }
        _events++;
        if (!recognised) _unrecognised++;
        each(_event, number);
    }

    private void Fault(string place, Phrase reason)
    {
        _faults++;
        _fault(new EventFileFault(_block.File.Name, place, reason));
    }
}
