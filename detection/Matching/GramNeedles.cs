using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beacon.Detections.Matching;

/// <summary>How many bytes in a row a search looks at.</summary>
internal interface IGram
{
    static abstract int Length { get; }
    static abstract uint Read(ref byte at);
}

internal readonly struct TwoBytes : IGram
{
    public static int Length => sizeof(ushort);
    public static uint Read(ref byte at) => Unsafe.ReadUnaligned<ushort>(ref at);
}

internal readonly struct FourBytes : IGram
{
    public static int Length => sizeof(uint);
    public static uint Read(ref byte at) => Unsafe.ReadUnaligned<uint>(ref at);
}

/// <summary>
/// Many needles that may stand anywhere. Each is known by its rarest bytes in a row; the pass looks every such run of the value up in a
/// small bit table, and compares only where that answers.
/// </summary>
internal sealed class GramNeedles<TGram> where TGram : struct, IGram
{
    private readonly Entry[] _entries;
    private readonly ulong[] _bits;
    private readonly int _shift;
    private readonly int[] _slots;

    private readonly record struct Entry(uint Gram, int Offset, byte[] Text, int Needle, int Next);

    /// <param name="needles">None shorter than the gram.</param>
    public GramNeedles(IReadOnlyList<(byte[] Text, int Number)> needles)
    {
        var counts = new Dictionary<uint, int>();
        foreach (var (text, _) in needles)
            for (var i = 0; i + TGram.Length <= text.Length; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, Gram(text, i), out _)++;
        var bitCount = Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, needles.Count * 16)), 1024, 1 << 17);
        _shift = 32 - System.Numerics.BitOperations.Log2((uint)bitCount);
        _bits = new ulong[bitCount / 64];
        _slots = new int[Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, needles.Count * 2)))];
        _slots.AsSpan().Fill(-1);
        _entries = new Entry[needles.Count];
        for (var n = 0; n < needles.Count; n++)
        {
            var (text, number) = needles[n];
            var offset = 0;
            var fewest = int.MaxValue;
            for (var i = 0; i + TGram.Length <= text.Length; i++)
            {
                if (counts[Gram(text, i)] is var count && count >= fewest) continue;
                (offset, fewest) = (i, count);
            }
            var gram = Gram(text, offset);
            var hash = Hash(gram);
            _bits[hash >> _shift >> 6] |= 1UL << (int)((hash >> _shift) & 63);
            ref var slot = ref _slots[(hash >> 7) & (uint)(_slots.Length - 1)];
            _entries[n] = new Entry(gram, offset, text, number, slot);
            slot = n;
        }
    }

    /// <returns>True where the hits wanted no more.</returns>
    public bool Find<T>(ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        ref var start = ref MemoryMarshal.GetReference(value);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        var shift = _shift;
        var last = value.Length - TGram.Length;
        for (var i = 0; i <= last; i++)
        {
            var gram = TGram.Read(ref Unsafe.Add(ref start, i));
            var hash = Hash(gram);
            var bit = hash >> shift;
            if ((Unsafe.Add(ref bits, bit >> 6) & (1UL << (int)(bit & 63))) != 0 && Check(value, i, gram, hash, ref hits)) return true;
        }
        return false;
    }

    private bool Check<T>(ReadOnlySpan<byte> value, int at, uint gram, uint hash, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        for (var n = _slots[(hash >> 7) & (uint)(_slots.Length - 1)]; n >= 0; n = _entries[n].Next)
        {
            ref readonly var entry = ref _entries[n];
            if (entry.Gram != gram) continue;
            var start = at - entry.Offset;
            if (start < 0 || start + entry.Text.Length > value.Length) continue;
            if (value.Slice(start, entry.Text.Length).SequenceEqual(entry.Text) && hits.Take(entry.Needle)) return true;
        }
        return false;
    }

    private static uint Gram(byte[] text, int at) => TGram.Read(ref text[at]);

    private static uint Hash(uint gram) => gram * 0x9E3779B1u;
}
