using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beacon.Detections.Matching;

/// <summary>
/// Finds which of many needles stand in a folded value, in one pass. Each needle is known by its rarest four bytes; the pass looks
/// every four bytes of the value up in a small bit table, and compares only where that answers. Whole values are found by
/// hash, needles shorter than four bytes one by one.
/// </summary>
internal sealed class GramIndex
{
    public const int GramLength = 4;

    private readonly Entry[] _entries;
    private readonly ulong[] _bits;
    private readonly int _shift;
    private readonly int[] _slots;
    private readonly Entry[] _short;
    private readonly int[] _wholeSlots;
    private readonly Entry[] _whole;
    private readonly ulong _wholeLengths;

    private readonly record struct Entry(byte[] Text, int Offset, bool AtStart, bool AtEnd, int[] Rules, uint Gram, int Next);

    public GramIndex(IEnumerable<(Needle Needle, int Rule)> needles)
    {
        var groups = needles.GroupBy(static n => n.Needle, new NeedleComparer())
            .Select(static g => (Needle: g.Key, Rules: g.Select(static n => n.Rule).Distinct().ToArray())).ToArray();
        _short = [.. groups.Where(static g => !g.Needle.IsWhole && g.Needle.Text.Length < GramLength).Select(static g => new Entry(g.Needle.Text, 0, g.Needle.AtStart, g.Needle.AtEnd, g.Rules, 0, -1))];
        (_whole, _wholeSlots, _wholeLengths) = BuildWhole(groups.Where(static g => g.Needle.IsWhole).ToArray());
        var longer = groups.Where(static g => !g.Needle.IsWhole && g.Needle.Text.Length >= GramLength).ToArray();
        var counts = new Dictionary<uint, int>();
        foreach (var (needle, _) in longer)
            for (var i = 0; i + GramLength <= needle.Text.Length; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, Gram(needle.Text, i), out _)++;
        var bitCount = Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, longer.Length * 16)), 1024, 1 << 17);
        _shift = 32 - System.Numerics.BitOperations.Log2((uint)bitCount);
        _bits = new ulong[bitCount / 64];
        _slots = new int[Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, longer.Length * 2)))];
        _slots.AsSpan().Fill(-1);
        _entries = new Entry[longer.Length];
        for (var n = 0; n < longer.Length; n++)
        {
            var (needle, rules) = longer[n];
            var offset = Enumerable.Range(0, needle.Text.Length - GramLength + 1).MinBy(i => counts[Gram(needle.Text, i)]);
            var gram = Gram(needle.Text, offset);
            var hash = gram * 0x9E3779B1u;
            _bits[hash >> _shift >> 6] |= 1UL << (int)((hash >> _shift) & 63);
            ref var slot = ref _slots[(hash >> 7) & (uint)(_slots.Length - 1)];
            _entries[n] = new Entry(needle.Text, offset, needle.AtStart, needle.AtEnd, rules, gram, slot);
            slot = n;
        }
    }

    /// <summary>Marks the rules of every needle in the value.</summary>
    public void Find(ReadOnlySpan<byte> value, Candidates candidates)
    {
        if (_wholeLengths != 0) FindWhole(value, candidates);
        foreach (ref readonly var entry in _short.AsSpan())
        {
            if (entry.AtStart ? value.StartsWith(entry.Text) : entry.AtEnd ? value.EndsWith(entry.Text) : value.IndexOf(entry.Text) >= 0)
                candidates.Add(entry.Rules);
        }
        if (_entries.Length == 0 || value.Length < GramLength) return;
        ref var start = ref MemoryMarshal.GetReference(value);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        var last = value.Length - GramLength;
        for (var i = 0; i <= last; i++)
        {
            var gram = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, i));
            if (!BitConverter.IsLittleEndian) gram = BinaryPrimitives.ReverseEndianness(gram);
            var hash = gram * 0x9E3779B1u;
            var bit = hash >> _shift;
            if ((Unsafe.Add(ref bits, bit >> 6) & (1UL << (int)(bit & 63))) != 0) Check(value, i, gram, hash, candidates);
        }
    }

    private void Check(ReadOnlySpan<byte> value, int at, uint gram, uint hash, Candidates candidates)
    {
        for (var n = _slots[(hash >> 7) & (uint)(_slots.Length - 1)]; n >= 0; n = _entries[n].Next)
        {
            ref readonly var entry = ref _entries[n];
            if (entry.Gram != gram) continue;
            var start = at - entry.Offset;
            if (start < 0 || start + entry.Text.Length > value.Length) continue;
            if (entry.AtStart && start != 0) continue;
            if (entry.AtEnd && start + entry.Text.Length != value.Length) continue;
            if (value.Slice(start, entry.Text.Length).SequenceEqual(entry.Text)) candidates.Add(entry.Rules);
        }
    }

    private void FindWhole(ReadOnlySpan<byte> value, Candidates candidates)
    {
        if ((_wholeLengths & (1UL << Math.Min(value.Length, 63))) == 0) return;
        var slot = Hash(value) & (uint)(_wholeSlots.Length - 1);
        for (var n = _wholeSlots[slot]; n >= 0; n = _whole[n].Next)
            if (value.SequenceEqual(_whole[n].Text)) candidates.Add(_whole[n].Rules);
    }

    private static (Entry[], int[], ulong) BuildWhole((Needle Needle, int[] Rules)[] groups)
    {
        var slots = new int[Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, groups.Length * 2)))];
        slots.AsSpan().Fill(-1);
        var entries = new Entry[groups.Length];
        var lengths = 0UL;
        for (var n = 0; n < groups.Length; n++)
        {
            var text = groups[n].Needle.Text;
            ref var slot = ref slots[Hash(text) & (uint)(slots.Length - 1)];
            entries[n] = new Entry(text, 0, true, true, groups[n].Rules, 0, slot);
            slot = n;
            lengths |= 1UL << Math.Min(text.Length, 63);
        }
        return (entries, slots, lengths);
    }

    private static uint Gram(byte[] text, int at) => BinaryPrimitives.ReadUInt32LittleEndian(text.AsSpan(at));

    /// <summary>Mixes the length and at most 32 bytes of either end; only places of the tables hang on it.</summary>
    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u ^ (uint)text.Length;
        if (text.Length > 64) hash = Mix(Mix(hash, text[..32]), text[^32..]);
        else hash = Mix(hash, text);
        return hash ^ (hash >> 15);
    }

    private static uint Mix(uint hash, ReadOnlySpan<byte> text)
    {
        while (text.Length >= 4)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt32LittleEndian(text)) * 0x9E3779B1u;
            hash ^= hash >> 15;
            text = text[4..];
        }
        foreach (var b in text) hash = (hash ^ b) * 16777619u;
        return hash;
    }

    private sealed class NeedleComparer : IEqualityComparer<Needle>
    {
        public bool Equals(Needle? x, Needle? y) => x!.AtStart == y!.AtStart && x.AtEnd == y.AtEnd && x.Text.AsSpan().SequenceEqual(y.Text);
        public int GetHashCode(Needle needle) => (int)Hash(needle.Text) ^ (needle.AtStart ? 1 : 0) ^ (needle.AtEnd ? 2 : 0);
    }
}

/// <summary>Rules whose needles were found in the event in hand, each once.</summary>
internal sealed class Candidates
{
    private uint[] _stamps = [];
    private uint _stamp;

    public List<int> Rules { get; } = new(64);

    public void Begin(int rules)
    {
        Rules.Clear();
        if (_stamps.Length < rules) Array.Resize(ref _stamps, rules);
        if (++_stamp != 0) return;
        Array.Clear(_stamps);
        _stamp = 1;
    }

    public void Add(int[] rules)
    {
        foreach (var rule in rules) Add(rule);
    }

    public void Add(int rule)
    {
        if (_stamps[rule] == _stamp) return;
        _stamps[rule] = _stamp;
        Rules.Add(rule);
    }
}
