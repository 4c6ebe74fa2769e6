using System.Globalization;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>
/// Adds ECS fields to an event whose <c>winlog.*</c> fields are there. Event data values stay exactly as they are; where ECS takes the
/// same text, the field is a second name for it.
/// </summary>
internal static class WindowsEcs
{
    private static readonly FieldId Level = FieldNames.Intern("winlog.level");
    private static readonly FieldId Keywords = FieldNames.Intern("winlog.keywords");
    private static readonly FieldId[] Md5 = Hash("md5"), Sha1 = Hash("sha1"), Sha256 = Hash("sha256"), ImpHash = Hash("imphash");

    /// <param name="fresh">The event holds nothing but <c>winlog.*</c> yet, so no field can be there twice.</param>
    public static void Apply(SecurityEvent e, bool fresh)
    {
        Alias(e, Field.WinlogEventId, Field.EventCode, fresh);
        Alias(e, Field.WinlogProviderName, Field.EventProvider, fresh);
        Alias(e, Field.WinlogComputerName, Field.HostName, fresh);
        Set(e, Field.EventKind, "event"u8, fresh);
        Set(e, Field.HostOsType, "windows"u8, fresh);
        AddLevel(e, fresh);

        var isSysmon = e.TryGet(Field.WinlogProviderName, out var provider) && provider.SequenceEqual("Microsoft-Windows-Sysmon"u8);
        e.TryGet(Field.WinlogChannel, out var channel);
        isSysmon |= channel.SequenceEqual("Microsoft-Windows-Sysmon/Operational"u8);
        Set(e, Field.EventModule, isSysmon ? "sysmon"u8 : "windows"u8, fresh);
        Set(e, Field.EventDataset, Dataset(channel, isSysmon), fresh);
        if (!e.TryGetInteger(Field.WinlogEventId, out var id) || id is < 0 or > int.MaxValue) return;
        var table = isSysmon ? WindowsMappings.Sysmon
            : channel.SequenceEqual("Security"u8) ? WindowsMappings.Security
            : channel.SequenceEqual("System"u8) ? WindowsMappings.System
            : channel.SequenceEqual("Microsoft-Windows-PowerShell/Operational"u8) || channel.SequenceEqual("PowerShellCore/Operational"u8) ? WindowsMappings.PowerShell : null;
        if (table is null || !table.TryGetValue((int)id, out var mapping)) return;

        var original = e.Count;
        for (var i = 0; i < original; i++)
        {
            var field = e.FieldAt(i).Value;
            if ((uint)field < (uint)mapping.PlaceOf.Length && mapping.PlaceOf[field] is > 0 and var place) Copy(e, i, mapping.Targets[place - 1], fresh);
        }
        if (fresh || !e.Has(Field.EventCategory)) foreach (var category in mapping.Category) e.Add(Field.EventCategory, category.Utf8);
        if (fresh || !e.Has(Field.EventType)) foreach (var type in mapping.Type) e.Add(Field.EventType, type.Utf8);
        if (fresh || !e.Has(Field.EventAction)) e.Add(Field.EventAction, mapping.Action.Utf8);
        AddOutcome(e, mapping, fresh);
    }

    private static void AddOutcome(SecurityEvent e, WindowsMapping mapping, bool fresh)
    {
        if (!fresh && e.Has(Field.EventOutcome)) return;
        // Audit keywords tell what the event's number leaves open.
        if (mapping.Outcome.Utf8.Length > 0) e.Add(Field.EventOutcome, mapping.Outcome.Utf8);
        else if (e.TryGet(Keywords, out var keywords) && keywords.Length > 2 && keywords.StartsWith("0x"u8)
            && ulong.TryParse(keywords[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) && (bits & 0x30_0000_0000_0000) != 0)
            e.Add(Field.EventOutcome, (bits & 0x10_0000_0000_0000) != 0 ? "failure"u8 : "success"u8);
    }

    private static void Copy(SecurityEvent e, int i, WindowsTarget target, bool fresh)
    {
        if (!fresh && e.Has(target.Field)) return;
        var value = e.ValueAt(i);
        switch (target.Copy)
        {
            case WindowsCopy.AsIs:
                e.AddAlias(target.Field, i);
                break;
            case WindowsCopy.UnlessDash when !value.IsEmpty && !value.SequenceEqual("-"u8):
                e.AddAlias(target.Field, i);
                break;
            case WindowsCopy.Path when !value.IsEmpty && !value.SequenceEqual("-"u8):
                e.AddAlias(target.Field, i);
                var name = value.LastIndexOfAny((byte)'\\', (byte)'/') + 1;
                if (fresh || !e.Has(target.Second)) e.AddSlice(target.Second, i, name, value.Length - name);
                break;
            case WindowsCopy.Number:
                if (Text.TryInteger(value, out var number) || (value.StartsWith("0x"u8) && long.TryParse(value[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number))) e.Add(target.Field, number);
                break;
            case WindowsCopy.Ip when Text.IsIp(value):
                e.AddAlias(target.Field, i);
                break;
            case WindowsCopy.Account when !value.IsEmpty:
                var slash = value.IndexOf((byte)'\\');
                e.AddSlice(target.Field, i, slash + 1, value.Length - slash - 1);
                if (slash > 0 && (fresh || !e.Has(target.Second))) e.AddSlice(target.Second, i, 0, slash);
                break;
            case WindowsCopy.LowerCase when value.Length is > 0 and <= 64:
                Span<byte> lower = stackalloc byte[64];
                System.Text.Ascii.ToLower(value, lower, out var n);
                e.Add(target.Field, lower[..n]);
                break;
            case WindowsCopy.Hashes:
                AddHashes(e, i, target.Field);
                break;
        }
    }

    private static void AddHashes(SecurityEvent e, int i, FieldId where)
    {
        var kind = where == HashOf[0] ? 0 : where == HashOf[1] ? 1 : 2;
        var value = e.ValueAt(i);
        var at = 0;
        while (at < value.Length)
        {
            var comma = value[at..].IndexOf((byte)',');
            var end = comma < 0 ? value.Length : at + comma;
            var equals = value[at..end].IndexOf((byte)'=');
            if (equals > 0)
            {
                var name = value.Slice(at, equals);
                var field = name.SequenceEqual("MD5"u8) ? Md5[kind] : name.SequenceEqual("SHA1"u8) ? Sha1[kind] : name.SequenceEqual("SHA256"u8) ? Sha256[kind] : name.SequenceEqual("IMPHASH"u8) ? ImpHash[kind] : FieldId.None;
                if (field.IsKnown) e.AddSlice(field, i, at + equals + 1, end - at - equals - 1);
            }
            at = end + 1;
        }
    }

    private static readonly FieldId[] HashOf = [FieldNames.Intern("process.hash"), FieldNames.Intern("file.hash"), FieldNames.Intern("dll.hash")];

    private static FieldId[] Hash(string algorithm) => [.. ((string[])["process", "file", "dll"]).Select(p => FieldNames.Intern($"{p}.hash.{algorithm}"))];

    private static void AddLevel(SecurityEvent e, bool fresh)
    {
        if (!e.TryGetInteger(Level, out var level) || (!fresh && e.Has(Field.LogLevel))) return;
        e.Add(Field.LogLevel, level switch { 1 => "critical"u8, 2 => "error"u8, 3 => "warning"u8, 5 => "verbose"u8, _ => "information"u8 });
    }

    private static ReadOnlySpan<byte> Dataset(ReadOnlySpan<byte> channel, bool isSysmon) =>
        isSysmon ? "sysmon.operational"u8
        : channel.SequenceEqual("Security"u8) ? "windows.security"u8
        : channel.SequenceEqual("System"u8) ? "windows.system"u8
        : channel.SequenceEqual("Application"u8) ? "windows.application"u8
        : channel.StartsWith("Microsoft-Windows-PowerShell"u8) || channel.StartsWith("PowerShellCore"u8) ? "windows.powershell_operational"u8
        : channel.SequenceEqual("Windows PowerShell"u8) ? "windows.powershell"u8
        : "windows.forwarded"u8;

    private static void Alias(SecurityEvent e, FieldId from, FieldId to, bool fresh)
    {
        var i = e.IndexOf(from);
        if (i >= 0 && (fresh || !e.Has(to))) e.AddAlias(to, i);
    }

    private static void Set(SecurityEvent e, FieldId field, ReadOnlySpan<byte> value, bool fresh)
    {
        if (fresh || !e.Has(field)) e.Add(field, value);
    }
}
