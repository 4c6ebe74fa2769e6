using System.Buffers.Text;

namespace Beacon.Collectors.Parsers;

/// <summary>Small readings of UTF-8 text that several formats share. None allocates.</summary>
internal static class Text
{
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        var n = text.Length;
        while (n > 0 && text[n - 1] is (byte)'\n' or (byte)'\r' or 0) n--;
        return text[..n];
    }

    public static ReadOnlySpan<byte> TrimSpaces(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>The text before a byte; moves <paramref name="rest"/> behind it. False where the byte does not occur.</summary>
    public static bool TryCut(scoped ref ReadOnlySpan<byte> rest, byte at, out ReadOnlySpan<byte> before)
    {
        var i = rest.IndexOf(at);
        before = i < 0 ? default : rest[..i];
        if (i >= 0) rest = rest[(i + 1)..];
        return i >= 0;
    }

    /// <summary>The text before a phrase; moves <paramref name="rest"/> behind it.</summary>
    public static bool TryCut(scoped ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> at, out ReadOnlySpan<byte> before)
    {
        var i = rest.IndexOf(at);
        before = i < 0 ? default : rest[..i];
        if (i >= 0) rest = rest[(i + at.Length)..];
        return i >= 0;
    }

    public static bool TrySkip(scoped ref ReadOnlySpan<byte> rest, scoped ReadOnlySpan<byte> prefix)
    {
        if (!rest.StartsWith(prefix)) return false;
        rest = rest[prefix.Length..];
        return true;
    }

    /// <summary>The next word, up to a space or the end.</summary>
    public static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> rest)
    {
        var i = rest.IndexOf((byte)' ');
        var word = i < 0 ? rest : rest[..i];
        rest = i < 0 ? default : rest[(i + 1)..];
        return word;
    }

    public static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    public static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 9) return false;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (b - '0');
        }
        return true;
    }

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => System.Text.Ascii.EqualsIgnoreCase(a, b);

    /// <summary>True for the text of an IPv4 or IPv6 address, a zone included, brackets not.</summary>
    public static bool IsIp(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > 64) return false;
        if (text.IndexOf((byte)':') < 0)
        {
            // Exactly four decimal parts: shorter forms ("10.1") are names here, as in every log.
            var parts = 0;
            var rest = text;
            while (true)
            {
                var dot = rest.IndexOf((byte)'.');
                var part = dot < 0 ? rest : rest[..dot];
                if (!TryDigits(part, out var value) || value > 255 || part.Length > 3) return false;
                parts++;
                if (dot < 0) return parts == 4;
                if (parts == 4) return false;
                rest = rest[(dot + 1)..];
            }
        }
        Span<char> chars = stackalloc char[64];
        if (System.Text.Ascii.ToUtf16(text, chars, out var n) != System.Buffers.OperationStatus.Done) return false;
        return System.Net.IPAddress.TryParse(chars[..n], out _);
    }
}
