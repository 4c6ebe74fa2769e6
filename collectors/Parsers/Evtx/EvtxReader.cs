using Beacon.Events;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>
/// Reads the records of a Windows event log file (.evtx; format as in [MS-EVEN6] and the ElfFile/ElfChnk layout). Damage is reported
/// and the rest is read: chunks are looked for to the end of the file, whatever its header counts, and records behind a bad one.
/// </summary>
internal sealed class EvtxReader : IDisposable
{
    public static ReadOnlySpan<byte> Magic => "ElfFile\0"u8;

    /// <summary>Faults reported a file at most; further ones are only counted.</summary>
    public const int MaxFaults = 1_000;

    private readonly SafeFileHandle _handle;
    private readonly EvtxChunkReader _chunk;
    private readonly byte[] _bytes = new byte[EvtxChunk.Size];
    private readonly long _length;
    private long _next;

    /// <param name="fault">Called for each thing that cannot be read.</param>
    /// <exception cref="InvalidDataException">The file is no event log.</exception>
    public EvtxReader(SafeFileHandle handle, Action<EvtxFault> fault)
    {
        _handle = handle;
        _chunk = new EvtxChunkReader(f =>
        {
            if (_chunk!.Faults <= MaxFaults) fault(f);
        });
        _length = RandomAccess.GetLength(handle);
        Span<byte> header = stackalloc byte[EvtxHeader.Length];
        _next = EvtxHeader.Read(header[..RandomAccess.Read(handle, header, 0)], _chunk);
    }

    public int Faults => _chunk.Faults;
    public long Records => _chunk.Records;

    /// <summary>Id in the header of the record that was read last.</summary>
    public long RecordId => _chunk.RecordId;

    /// <summary>Reads the next record into the event, which is emptied first.</summary>
    public bool TryRead(SecurityEvent e)
    {
        while (!_chunk.TryRead(e))
            if (!NextChunk()) return false;
        return true;
    }

    public void Dispose() => _handle.Dispose();

    private bool NextChunk()
    {
        if (_next >= _length) return false;
        var length = 0;
        while (length < EvtxChunk.Size)
        {
            var n = RandomAccess.Read(_handle, _bytes.AsSpan(length), _next + length);
            if (n == 0) break;
            length += n;
        }
        _chunk.Open(_bytes.AsSpan(0, length), _next);
        _next += EvtxChunk.Size;
        return true;
    }
}
