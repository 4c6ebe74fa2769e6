namespace Beacon.Detections.Matching;

/// <summary>An immutable map from folded text to a value: one probe in a table at most half full, then one comparison.</summary>
internal sealed class ByteMap<T> where T : class
{
    private readonly (byte[] Key, T Value)[] _slots;

    public ByteMap(IReadOnlyDictionary<byte[], T> entries)
    {
        _slots = new (byte[], T)[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, entries.Count * 2))];
        foreach (var (key, value) in entries)
        {
            var i = SlotOf(key);
            while (_slots[i].Key is not null) i = (i + 1) & (_slots.Length - 1);
            _slots[i] = (key, value);
        }
    }

    public T? Find(ReadOnlySpan<byte> key)
    {
        for (var i = SlotOf(key); ; i = (i + 1) & (_slots.Length - 1))
        {
            ref readonly var slot = ref _slots[i];
            if (slot.Key is null) return null;
            if (key.SequenceEqual(slot.Key)) return slot.Value;
        }
    }

    private int SlotOf(ReadOnlySpan<byte> key) => (int)(ByteHash.Of(key) & (uint)(_slots.Length - 1));
}

/// <summary>Compares keys of tables under construction.</summary>
internal sealed class ByteComparer : IEqualityComparer<byte[]>
{
    public static readonly ByteComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
    public int GetHashCode(byte[] key) => (int)ByteHash.Of(key);
}
