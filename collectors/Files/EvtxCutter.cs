using Beacon.Collectors.Parsers.Evtx;

namespace Beacon.Collectors.Files;

/// <summary>Cuts an event log into runs of chunks.</summary>
internal sealed class EvtxCutter : IBlockCutter
{
    private readonly LogStream _log;
    private readonly EventFile _file;
    private readonly List<EventFileFault> _faults = [];
    private long _next;

    /// <exception cref="InvalidDataException">The log is no event log.</exception>
    public EvtxCutter(LogStream log, EventFile file)
    {
        (_log, _file) = (log, file);
        file.IsEvtx = true;
        _next = EvtxHeader.Read(log.Head, new EvtxChunkReader(f => _faults.Add(new EventFileFault(file.Name, $"byte {f.Offset}", f.Reason))));
        log.Skip((int)_next);
    }

    public bool Next(EventBlock block)
    {
        block.FaultList.AddRange(_faults);
        var faulty = _faults.Count > 0;
        _faults.Clear();
        block.Kind = EventBlockKind.EvtxChunks;
        block.First = _next;
        block.Bytes = _log.Fill(block.Buffer.AsSpan(0, EventBlock.Size));
        _next += block.Bytes;
        return block.Bytes > 0 || faulty;
    }
}
