using Beacon.Events;

namespace Beacon.Collectors.Parsers;

/// <summary>ECS fields that several formats set in the same way.</summary>
internal static class EventMarks
{
    public static void Module(SecurityEvent e, string module, string dataset)
    {
        e.TryAdd(Field.EventModule, module);
        e.TryAdd(Field.EventDataset, dataset);
    }

    public static void Authentication(SecurityEvent e, ReadOnlySpan<byte> action, bool success)
    {
        e.Add(Field.EventCategory, "authentication"u8);
        e.Add(Field.EventType, success ? "start"u8 : "info"u8);
        e.Add(Field.EventAction, action);
        e.Add(Field.EventOutcome, success ? "success"u8 : "failure"u8);
    }

    /// <summary>source.address, and source.ip or source.domain as the text is one or the other.</summary>
    public static void Source(SecurityEvent e, ReadOnlySpan<byte> address)
    {
        if (address.IsEmpty || address.SequenceEqual("-"u8)) return;
        e.Add(Field.SourceAddress, address);
        e.AddAlias(Text.IsIp(address) ? Field.SourceIp : Field.SourceDomain, e.Count - 1);
    }

    public static void Port(SecurityEvent e, FieldId field, ReadOnlySpan<byte> text)
    {
        if (Text.TryDigits(text, out var port) && port is >= 0 and <= 65_535) e.Add(field, port);
    }
}
