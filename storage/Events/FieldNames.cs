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
    public static int Count => _current.Names.Length;

    /// <summary>Index of a name, adding it.</summary>
    /// <exception cref="InvalidOperationException">The table is full, or the name is empty or too long.</exception>
    public static FieldId Intern(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var utf8 = Encoding.UTF8.GetBytes(name);
        if (TryFind(utf8, out var id)) return id;
        lock (Gate)
        {
            var table = _current;
            if (table.TryFind(utf8, out id)) return id;
            if (utf8.Length > MaxNameLength) throw new InvalidOperationException($"field name longer than {MaxNameLength} bytes");
            if (table.Names.Length >= Capacity) throw new InvalidOperationException($"more than {Capacity} field names are in use");
            _current = table.With(name, utf8);
            return new FieldId(table.Names.Length);
        }
    }

    /// <summary>Index of a name given as UTF-8; no allocation.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out FieldId id) => _current.TryFind(name, out id);

    public static bool TryFind(string name, out FieldId id) => TryFind(Encoding.UTF8.GetBytes(name), out id);

    public static string NameOf(FieldId id) => _current.Names[id.Value];
    public static ReadOnlySpan<byte> Utf8NameOf(FieldId id) => _current.Utf8[id.Value];

    private static Table Build()
    {
        var table = new Table([], [], new int[1024]);
        foreach (var name in EcsFields.DeclaredNames) table = table.With(name, Encoding.UTF8.GetBytes(name));
        return table;
    }

    /// <summary>Open addressing over an array whose length is a power of two; slot = index + 1, 0 = empty.</summary>
    private sealed record Table(string[] Names, byte[][] Utf8, int[] Slots)
    {
        public bool TryFind(ReadOnlySpan<byte> name, out FieldId id)
        {
            var mask = Slots.Length - 1;
            for (var i = (int)Hash(name) & mask; ; i = (i + 1) & mask)
            {
                var slot = Slots[i];
                if (slot == 0)
                {
                    id = FieldId.None;
                    return false;
                }
                if (Utf8[slot - 1].AsSpan().SequenceEqual(name))
                {
                    id = new FieldId(slot - 1);
                    return true;
                }
            }
        }

        public Table With(string name, byte[] utf8)
        {
            string[] names = [.. Names, name];
            byte[][] all = [.. Utf8, utf8];
            var slots = new int[names.Length * 4 > Slots.Length ? Slots.Length * 2 : Slots.Length];
            for (var n = 0; n < all.Length; n++)
            {
                var i = (int)Hash(all[n]) & (slots.Length - 1);
                while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
                slots[i] = n + 1;
            }
            return new Table(names, all, slots);
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
