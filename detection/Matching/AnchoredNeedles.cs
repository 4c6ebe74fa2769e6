using System.Buffers.Binary;

namespace Beacon.Detections.Matching;

/// <summary>
/// Needles that stand at one end of a value, whole values among them. Each is known by its outermost bytes, at most eight: a value is
/// looked up once for every length of key that occurs, whatever the number of needles.
/// </summary>
internal sealed class AnchoredNeedles
{
    private const int MaxKey = sizeof(ulong);

    private readonly Entry[] _entries;
    private readonly int[] _slots;
    private readonly bool _atEnd;
    private readonly uint _open;
    private readonly uint _closed;

    private readonly record struct Entry(ulong Key, int KeyLength, byte[] Text, bool IsWhole, int Needle, int Next);

    public AnchoredNeedles(IReadOnlyList<(Needle Needle, int Number)> needles, bool atEnd)
    {
        _atEnd = atEnd;
        _entries = new Entry[needles.Count];
        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, needles.Count * 4))];
        _slots.AsSpan().Fill(-1);
        for (var n = 0; n < needles.Count; n++)
        {
            var (needle, number) = needles[n];
            var length = Math.Min(MaxKey, needle.Text.Length);
            var key = KeyOf(Outermost(needle.Text), length);
            // A short whole value is asked for only where the value is as short.
            if (needle.IsWhole) _closed |= 1u << length;
            else _open |= 1u << length;
            ref var slot = ref _slots[SlotOf(key, length)];
            _entries[n] = new Entry(key, length, needle.Text, needle.IsWhole, number, slot);
            slot = n;
        }
    }

    public bool Find<T>(ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        var longest = Math.Min(MaxKey, value.Length);
        var outermost = Outermost(value);
        var lengths = (_open | (_closed & (1u << longest))) & ((2u << longest) - 1);
        while (lengths != 0)
        {
            var length = System.Numerics.BitOperations.TrailingZeroCount(lengths);
            lengths &= lengths - 1;
            var key = KeyOf(outermost, length);
            for (var n = _slots[SlotOf(key, length)]; n >= 0; n = _entries[n].Next)
            {
                ref readonly var entry = ref _entries[n];
                if (entry.Key != key || entry.KeyLength != length) continue;
                if (entry.IsWhole ? !value.SequenceEqual(entry.Text) : entry.Text.Length > MaxKey && !(_atEnd ? value.EndsWith(entry.Text) : value.StartsWith(entry.Text))) continue;
                if (hits.Take(entry.Needle)) return true;
            }
        }
        return false;
    }

    /// <summary>The last eight bytes with the last of them highest, or the first eight with the first lowest; what is missing is zero.</summary>
    private ulong Outermost(ReadOnlySpan<byte> value)
    {
        if (value.Length >= MaxKey) return BinaryPrimitives.ReadUInt64LittleEndian(_atEnd ? value[^MaxKey..] : value);
        var bits = 0ul;
        if (_atEnd) foreach (var b in value) bits = (bits >> 8) | ((ulong)b << 56);
        else for (var i = value.Length - 1; i >= 0; i--) bits = (bits << 8) | value[i];
        return bits;
    }

    private ulong KeyOf(ulong outermost, int length) => _atEnd ? outermost >> (8 * (MaxKey - length)) : outermost & (ulong.MaxValue >> (8 * (MaxKey - length)));

    private int SlotOf(ulong key, int length) => (int)(((key + (ulong)length) * 0x9E3779B97F4A7C15ul) >> 40) & (_slots.Length - 1);
}
