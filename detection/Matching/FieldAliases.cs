using System.Text;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>
/// Other names under which an event's value answers: Windows data names with spaces answer without them ("Threat Name" as
/// ThreatName), leaves of UserData answer by their leaf name, and an event read before a rule named its field answers too.
/// </summary>
internal sealed class FieldAliases
{
    private const string Data = "winlog.event_data.";
    private const string UserData = "winlog.user_data.";

    private const int Shift = 16;

    private readonly uint[] _uses;
    private readonly ulong[] _filter = new ulong[64];

    public FieldAliases(FieldSlots slots)
    {
        SlotCount = slots.Count;
        _uses = new uint[FieldNames.Count];
        foreach (var (id, slot) in slots.All)
        {
            _uses[id] = (uint)slot + 1;
            var place = Place(FieldNames.Utf8NameOf(new FieldId(id)));
            _filter[place >> 6] |= 1UL << (place & 63);
        }
        for (var i = 0; i < _uses.Length; i++)
        {
            if (OtherName(FieldNames.NameOf(new FieldId(i))) is { } other && FieldNames.TryFind(other, out var id) && Itself(_uses[id.Value]) is var slot and >= 0)
                _uses[i] |= ((uint)slot + 1) << Shift;
        }
    }

    /// <summary>What rules make of each field, by its index: 0 for nothing, else see <see cref="Itself"/> and <see cref="Other"/>. A field named after the rules were compiled is not among them.</summary>
    public ReadOnlySpan<uint> Uses => _uses;

    /// <summary>Slots are below it.</summary>
    public int SlotCount { get; }

    /// <summary>The field's own slot, or -1.</summary>
    public static int Itself(uint use) => (int)(use & ((1u << Shift) - 1)) - 1;

    /// <summary>The slot of its other name, or -1.</summary>
    public static int Other(uint use) => (int)(use >> Shift) - 1;

    /// <summary>Slot that a name without an index has for the rules, or -1.</summary>
    public int LateSlot(ReadOnlySpan<byte> name)
    {
        if (MayUse(name) && TryFindUsed(name, out var slot)) return slot;
        if (!name.StartsWith("winlog."u8)) return -1;
        if (name.StartsWith("winlog.user_data."u8) || (name.StartsWith("winlog.event_data."u8) && name.Contains((byte)' ')))
        {
            Span<byte> other = stackalloc byte[FieldNames.MaxNameLength + 32];
            var n = WriteOtherName(name, other);
            if (n > 0 && MayUse(other[..n]) && TryFindUsed(other[..n], out slot)) return slot;
        }
        return -1;
    }

    private bool TryFindUsed(ReadOnlySpan<byte> name, out int slot)
    {
        slot = FieldNames.TryFind(name, out var found) && found.Value < _uses.Length ? Itself(_uses[found.Value]) : -1;
        return slot >= 0;
    }

    private bool MayUse(ReadOnlySpan<byte> name)
    {
        var place = Place(name);
        return (_filter[place >> 6] & (1UL << (place & 63))) != 0;
    }

    private static int Place(ReadOnlySpan<byte> name) =>
        name.Length == 0 ? 0 : ((name.Length * 0x2F1) ^ (name[^1] * 0x1F) ^ (name[name.Length / 2] << 3) ^ (name[name.Length * 3 / 4] * 0x65)) & 4095;

    private static string? OtherName(string name)
    {
        if (!name.StartsWith(UserData, StringComparison.Ordinal) && !(name.StartsWith(Data, StringComparison.Ordinal) && name.Contains(' ', StringComparison.Ordinal))) return null;
        Span<byte> other = stackalloc byte[FieldNames.MaxNameLength + 32];
        return Encoding.UTF8.GetString(other[..WriteOtherName(Encoding.UTF8.GetBytes(name), other)]);
    }

    private static int WriteOtherName(ReadOnlySpan<byte> name, Span<byte> other)
    {
        var prefix = "winlog.event_data."u8;
        prefix.CopyTo(other);
        var n = prefix.Length;
        var leaf = name.StartsWith(prefix) ? name[prefix.Length..] : name[(name.LastIndexOf((byte)'.') + 1)..];
        foreach (var b in leaf) if (b != ' ') other[n++] = b;
        return n;
    }
}
