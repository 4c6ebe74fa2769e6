using System.Buffers.Binary;
using Beacon.Collectors.Parsers.Windows;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Reads the records of one chunk after another. A chunk holds all that its records need, so chunks may be read in any order, by several readers.</summary>
internal sealed class EvtxChunkReader(Action<EvtxFault> fault)
{
    private const int ChunkHeader = 512;
    private const int RecordHeader = 24;
    private readonly EvtxChunk _chunk = new();
    private long _chunkStart;
    private int _chunkLength;
    private int _position;
    private int _limit;
    private int _size;
    private bool _stale;

    public int Faults { get; private set; }
    public long Records { get; private set; }

    /// <summary>Id in the header of the record that was read last.</summary>
    public long RecordId { get; private set; }

    /// <summary>Takes a copy of the chunk's bytes; fewer than <see cref="EvtxChunk.Size"/> where the file ends early.</summary>
    /// <param name="start">Its place in the file, for messages.</param>
    public void Open(ReadOnlySpan<byte> bytes, long start)
    {
        _chunkStart = start;
        _chunkLength = bytes.Length;
        bytes.CopyTo(_chunk.Buffer);
        _chunk.Buffer.AsSpan(bytes.Length).Clear();
        _position = _limit = 0;
        OpenChunk();
    }

    /// <summary>Reads the chunk's next record into the event, which is emptied first.</summary>
    public bool TryRead(SecurityEvent e)
    {
        while (NextRecord())
        {
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
        return false;
    }

    public void Report(long offset, Phrase reason)
    {
        Faults++;
        fault(new EvtxFault(offset, reason));
    }

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

    private void OpenChunk()
    {
        var bytes = _chunk.Bytes;
        _chunk.Begin();
        _position = ChunkHeader;
        if (!bytes.StartsWith("ElfChnk\0"u8))
        {
            if (bytes[.._chunkLength].IndexOfAnyExcept((byte)0) < 0) return;
            Report(_chunkStart, "a damaged chunk: its header is not one");
            // Its records may still be whole.
            _stale = true;
            _limit = _chunkLength > ChunkHeader ? _chunkLength : 0;
            return;
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
    }
}
