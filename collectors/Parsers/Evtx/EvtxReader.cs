using System.Buffers.Binary;
using Beacon.Collectors.Parsers.Windows;
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

    private const int FileHeader = 4_096;
    private const int ChunkHeader = 512;
    private const int RecordHeader = 24;
    private readonly SafeFileHandle _handle;
    private readonly Action<EvtxFault> _fault;
    private readonly EvtxChunk _chunk = new();
    private readonly long _length;
    private long _chunkStart;
    private int _chunkLength;
    private int _position;
    private int _limit;
    private int _size;
    private bool _stale;

    /// <param name="fault">Called for each thing that cannot be read.</param>
    /// <exception cref="InvalidDataException">The file is no event log.</exception>
    public EvtxReader(SafeFileHandle handle, Action<EvtxFault> fault)
    {
        _handle = handle;
        _fault = fault;
        _length = RandomAccess.GetLength(handle);
        Span<byte> header = stackalloc byte[128];
        if (RandomAccess.Read(handle, header, 0) < 8 || !header.StartsWith(Magic)) throw new InvalidDataException("not an event log: the file does not begin with ElfFile");
        if (EvtxCrc.Update(0, header[..120]) != BinaryPrimitives.ReadUInt32LittleEndian(header[124..])) Report(0, "the file header's checksum does not match");
        var headerSize = BinaryPrimitives.ReadUInt16LittleEndian(header[40..]);
        _chunkStart = (headerSize is 0 ? FileHeader : headerSize) - EvtxChunk.Size;
    }

    public int Faults { get; private set; }
    public long Records { get; private set; }

    /// <summary>Id in the header of the record that was read last.</summary>
    public long RecordId { get; private set; }

    /// <summary>Reads the next record into the event, which is emptied first.</summary>
    public bool TryRead(SecurityEvent e)
    {
        while (true)
        {
            while (!NextRecord())
                if (!NextChunk()) return false;
            var from = _position - _size;
            e.Reset();
            if (_chunk.Read(from + RecordHeader, _position - 4, e) is { } reason)
            {
                Report(_chunkStart + from, $"record {RecordId}: {reason}");
                continue;
            }
            if (!e.Has(Field.WinlogEventId) && !e.Has(Field.WinlogChannel))
            {
                Report(_chunkStart + from, $"record {RecordId} has no System part");
                continue;
            }
            Records++;
            WindowsEcs.Apply(e, fresh: true);
            return true;
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Moves behind the next record that is whole.</summary>
    private bool NextRecord()
    {
        var reported = false;
        while (_position + RecordHeader + 4 <= _limit)
        {
            var bytes = _chunk.Bytes[_position.._chunkLength];
            if (IsRecord(bytes, out _size))
            {
                RecordId = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
                _position += _size;
                return true;
            }
            if (!reported && !_stale && bytes[..Math.Min(bytes.Length, 64)].IndexOfAnyExcept((byte)0) >= 0) Report(_chunkStart + _position, "a damaged record; looking for the next one");
            reported = true;
            var next = bytes[1..].IndexOf("**\0\0"u8);
            _position = next < 0 ? _limit : _position + 1 + next;
        }
        _position = _limit;
        return false;
    }

    private static bool IsRecord(ReadOnlySpan<byte> bytes, out int size)
    {
        size = 0;
        if (!bytes.StartsWith("**\0\0"u8)) return false;
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (stated < RecordHeader + 4 || stated > bytes.Length) return false;
        size = (int)stated;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - 4)..]) == stated;
    }

    private bool NextChunk()
    {
        while (true)
        {
            _chunkStart += EvtxChunk.Size;
            if (_chunkStart >= _length) return false;
            _chunkLength = 0;
            while (_chunkLength < EvtxChunk.Size)
            {
                var n = RandomAccess.Read(_handle, _chunk.Buffer.AsSpan(_chunkLength), _chunkStart + _chunkLength);
                if (n == 0) break;
                _chunkLength += n;
            }
            _chunk.Buffer.AsSpan(_chunkLength).Clear();
            if (OpenChunk()) return true;
        }
    }

    private bool OpenChunk()
    {
        var bytes = _chunk.Bytes;
        _chunk.Begin();
        _position = ChunkHeader;
        if (!bytes.StartsWith("ElfChnk\0"u8))
        {
            if (bytes[.._chunkLength].IndexOfAnyExcept((byte)0) < 0) return false;
            Report(_chunkStart, "a damaged chunk: its header is not one");
            // Its records may still be whole.
            _stale = true;
            _limit = _chunkLength;
            return _chunkLength > ChunkHeader;
        }
        var free = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]), EvtxChunk.Size);
        var sound = EvtxCrc.Update(EvtxCrc.Update(0, bytes[..120]), bytes[128..ChunkHeader]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[124..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[120..]);
        // The second flag says that no checksums were written.
        if (!sound && (flags & 4) == 0) Report(_chunkStart, "a chunk header's checksum does not match");
        if (_chunkLength < EvtxChunk.Size) Report(_chunkStart, "the file ends within a chunk");
        // An unsound header may be older than the records: then all that looks like a record is read.
        var trusted = sound && free >= ChunkHeader;
        _stale = !trusted;
        _limit = Math.Min(trusted ? free : EvtxChunk.Size, _chunkLength);
        if (trusted && _limit == free && (flags & 4) == 0 && EvtxCrc.Update(0, bytes[ChunkHeader..free]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[52..]))
            Report(_chunkStart, "a chunk's checksum does not match; its records are read as far as they make sense");
        return true;
    }

    private void Report(long offset, string reason)
    {
        Faults++;
        if (Faults <= MaxFaults) _fault(new EvtxFault(offset, reason));
    }
}
