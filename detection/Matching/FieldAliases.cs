using System.Collections.Frozen;
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

    private readonly int[] _aliasOf;
    private readonly ulong[] _filter = new ulong[64];
    private readonly FrozenSet<int> _used;

    /// <param name="used">Fields that rules name.</param>
    public FieldAliases(IEnumerable<int> used)
    {
        _used = used.Where(static id => id >= 0).ToFrozenSet();
        _aliasOf = new int[FieldNames.Count];
        for (var i = 0; i < _aliasOf.Length; i++)
        {
            var other = OtherName(FieldNames.NameOf(new FieldId(i)));
            _aliasOf[i] = other is not null && FieldNames.TryFind(other, out var id) && _used.Contains(id.Value) ? id.Value : -1;
        }
        foreach (var id in _used)
        {
            var slot = Slot(FieldNames.Utf8NameOf(new FieldId(id)));
            _filter[slot >> 6] |= 1UL << (slot & 63);
        }
    }

    public int AliasOf(int field) => (uint)field < (uint)_aliasOf.Length ? _aliasOf[field] : -1;

    /// <summary>Index that a name without one has for the rules, or -1.</summary>
    public int LateId(ReadOnlySpan<byte> name)
    {
        if (MayUse(name) && FieldNames.TryFind(name, out var id)) return id.Value;
        if (!name.StartsWith("winlog."u8)) return -1;
        if (name.StartsWith("winlog.user_data."u8) || (name.StartsWith("winlog.event_data."u8) && name.Contains((byte)' ')))
        {
            Span<byte> other = stackalloc byte[FieldNames.MaxNameLength + 32];
            var n = WriteOtherName(name, other);
            if (n > 0 && MayUse(other[..n]) && FieldNames.TryFind(other[..n], out id)) return id.Value;
        }
        return -1;
    }

    private bool MayUse(ReadOnlySpan<byte> name)
    {
        var slot = Slot(name);
        return (_filter[slot >> 6] & (1UL << (slot & 63))) != 0;
    }

    private static int Slot(ReadOnlySpan<byte> name) =>
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
