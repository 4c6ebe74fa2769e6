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
    private readonly FieldUse[] _uses;
    private readonly ulong[] _filter = new ulong[64];

    /// <param name="used">Fields that rules name.</param>
    public FieldAliases(IEnumerable<int> used)
    {
        var all = used.Where(static id => id >= 0).ToHashSet();
        _aliasOf = new int[FieldNames.Count];
        _uses = new FieldUse[_aliasOf.Length];
        foreach (var id in all) _uses[id] = FieldUse.Itself;
        for (var i = 0; i < _aliasOf.Length; i++)
        {
            if (OtherName(FieldNames.NameOf(new FieldId(i))) is not { } other || !FieldNames.TryFind(other, out var id) || !all.Contains(id.Value)) continue;
            _aliasOf[i] = id.Value;
            _uses[i] |= FieldUse.Alias;
        }
        foreach (var id in all)
        {
            var slot = Slot(FieldNames.Utf8NameOf(new FieldId(id)));
            _filter[slot >> 6] |= 1UL << (slot & 63);
        }
    }

    /// <summary>How rules use each field, by its index; a field named after the rules were compiled is not among them.</summary>
    public ReadOnlySpan<FieldUse> Uses => _uses;

    /// <summary>Fields that rules name are below it.</summary>
    public int Limit => _uses.Length;

    public int AliasOf(int field) => _aliasOf[field];

    /// <summary>Index that a name without one has for the rules, or -1.</summary>
    public int LateId(ReadOnlySpan<byte> name)
    {
        if (MayUse(name) && TryFindUsed(name, out var id)) return id;
        if (!name.StartsWith("winlog."u8)) return -1;
        if (name.StartsWith("winlog.user_data."u8) || (name.StartsWith("winlog.event_data."u8) && name.Contains((byte)' ')))
        {
            Span<byte> other = stackalloc byte[FieldNames.MaxNameLength + 32];
            var n = WriteOtherName(name, other);
            if (n > 0 && MayUse(other[..n]) && TryFindUsed(other[..n], out id)) return id;
        }
        return -1;
    }

    private bool TryFindUsed(ReadOnlySpan<byte> name, out int id)
    {
        id = FieldNames.TryFind(name, out var found) ? found.Value : -1;
        return (uint)id < (uint)_uses.Length && (_uses[id] & FieldUse.Itself) != 0;
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

/// <summary>What rules make of an event's field.</summary>
[Flags]
internal enum FieldUse : byte
{
    None = 0,
    /// <summary>They name it.</summary>
    Itself = 1,
    /// <summary>They name it otherwise.</summary>
    Alias = 2,
}
