using System.Text;

namespace Beacon.Events;

/// <summary>
/// The names that code, parsers and rules know, each with a small index, so that an event's fields are found by number.
/// Names arriving in events are looked up here and never added: only declarations and rules add, up to <see cref="Capacity"/>.
/// </summary>
public static class FieldNames
{
    /// <summary>Ceiling of the table; a rule that would exceed it is refused.</summary>
    public const int Capacity = 32_768;

    /// <summary>Longest name in bytes of UTF-8.</summary>
    public const int MaxNameLength = 512;

    private static readonly Lock Gate = new();
    private static volatile Table _current = Build();

    /// <summary>Number of names; grows only.</summary>
    public static int Count => _current.Count;

    /// <summary>Index of a name, adding it.</summary>
    /// <exception cref="InvalidOperationException">The table is full, or the name is empty or too long.</exception>
    public static FieldId Intern(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var utf8 = Encoding.UTF8.GetBytes(name);
        if (TryFind(utf8, out var id)) return id;
        lock (Gate)
        {
            if (_current.TryFind(utf8, out id)) return id;
            if (utf8.Length > MaxNameLength) throw new InvalidOperationException($"field name longer than {MaxNameLength} bytes");
            if (_current.Count >= Capacity) throw new InvalidOperationException($"more than {Capacity} field names are in use");
            if (_current.IsFull) _current = _current.Grown();
            return _current.Add(name, utf8);
        }
    }

    /// <summary>Index of a name given as UTF-8; no allocation.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out FieldId id) => _current.TryFind(name, out id);

    public static bool TryFind(string name, out FieldId id) => TryFind(Encoding.UTF8.GetBytes(name), out id);

    public static string NameOf(FieldId id) => _current.NameOf(id.Value);
    public static ReadOnlySpan<byte> Utf8NameOf(FieldId id) => _current.Utf8Of(id.Value);

    private static Table Build()
    {
        var table = new Table(4_096);
        foreach (var name in EcsFields.DeclaredNames)
        {
            if (table.IsFull) table = table.Grown();
            table.Add(name, Encoding.UTF8.GetBytes(name));
        }
        return table;
    }

    /// <summary>
    /// Open addressing over an array whose length is a power of two; slot = index + 1, 0 = empty. Adding is for one thread at a time;
    /// readers need no lock, since a slot is written after all that it leads to.
    /// </summary>
    private sealed class Table(int slots)
    {
        private readonly string[] _names = new string[slots / 2];
        private readonly byte[][] _utf8 = new byte[slots / 2][];
        private readonly int[] _slots = new int[slots];
        private volatile int _count;

        public int Count => _count;
        public bool IsFull => _count == _names.Length;

        public string NameOf(int index) => _names[index];
        public byte[] Utf8Of(int index) => _utf8[index];

        public bool TryFind(ReadOnlySpan<byte> name, out FieldId id)
        {
            var mask = _slots.Length - 1;
            for (var i = (int)Hash(name) & mask; ; i = (i + 1) & mask)
            {
                var slot = Volatile.Read(ref _slots[i]);
                if (slot == 0)
                {
                    id = FieldId.None;
                    return false;
                }
                if (_utf8[slot - 1].AsSpan().SequenceEqual(name))
                {
                    id = new FieldId(slot - 1);
                    return true;
                }
            }
        }

        public FieldId Add(string name, byte[] utf8)
        {
            var index = _count;
            _names[index] = name;
            _utf8[index] = utf8;
            var i = (int)Hash(utf8) & (_slots.Length - 1);
            while (_slots[i] != 0) i = (i + 1) & (_slots.Length - 1);
            Volatile.Write(ref _slots[i], index + 1);
            _count = index + 1;
            return new FieldId(index);
        }

        public Table Grown()
        {
            var grown = new Table(_slots.Length * 2);
            for (var n = 0; n < _count; n++) grown.Add(_names[n], _utf8[n]);
            return grown;
        }

        /// <summary>Names under one prefix differ at their end: sixteen bytes of it, the first eight and the length are mixed.</summary>
        private static uint Hash(ReadOnlySpan<byte> name)
        {
            var hash = (ulong)name.Length * 0x9E3779B97F4A7C15ul;
            if (name.Length >= 16)
            {
                hash ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(name);
                hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(name[^16..^8])) * 0xBF58476D1CE4E5B9ul;
                hash = (hash ^ (hash >> 29) ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(name[^8..])) * 0x94D049BB133111EBul;
            }
            else
            {
                foreach (var b in name) hash = (hash ^ b) * 0x100000001B3ul;
            }
            return (uint)(hash >> 32) ^ (uint)(hash >> 11);
        }
    }
}
