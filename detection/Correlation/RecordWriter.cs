using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Beacon.Detections.Correlation;

/// <summary>Writes what <see cref="BinaryReader"/> reads, into memory.</summary>
internal sealed class RecordWriter
{
    private const int KeptCapacity = 4 * 1024 * 1024;

    private ArrayBufferWriter<byte> _buffer = new(4096);

    public int Length => _buffer.WrittenCount;

    /// <summary>All that was written; the writer is empty then.</summary>
    public byte[] Take()
    {
        var all = _buffer.WrittenSpan.ToArray();
        if (_buffer.Capacity > KeptCapacity) _buffer = new ArrayBufferWriter<byte>(4096);
        else _buffer.ResetWrittenCount();
        return all;
    }

    public void Write(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(Guid value)
    {
        value.TryWriteBytes(_buffer.GetSpan(16));
        _buffer.Advance(16);
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void WriteCount(int value)
    {
        var rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7) Write((byte)(rest | 0x80));
        Write((byte)rest);
    }

    public void Write(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        WriteCount(bytes);
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(bytes));
        _buffer.Advance(bytes);
    }
}
