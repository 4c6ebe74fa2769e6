using System.Text.Unicode;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Unknown;

/// <summary>Keeps the text of a frame that no parser recognises.</summary>
internal static class UnknownText
{
    public static ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var text = Text.TrimEnd(frame);
        if (text.IsEmpty) return ParseResult.Fail("the frame is empty");
        if (FirstBinary(text) is var at and >= 0) return ParseResult.Fail("the frame is not text", at);
        into.Add(Field.EventKind, "event"u8);
        into.Add(Field.EventDataset, "unknown"u8);
        into.Add(Field.Message, text);
        return ParseResult.Ok;
    }

    /// <summary>Text may be in a legacy 8-bit encoding, but has no control characters other than white space and escapes.</summary>
    private static int FirstBinary(ReadOnlySpan<byte> text)
    {
        var controls = text.IndexOfAnyInRange((byte)0, (byte)8);
        if (controls >= 0) return controls;
        if (Utf8.IsValid(text)) return -1;
        var high = 0;
        foreach (var b in text) if (b >= 0x80) high++;
        return high * 2 > text.Length ? 0 : -1;
    }
}
