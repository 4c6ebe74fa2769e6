namespace Beacon.Collectors.Receivers.Syslog;

internal enum FramerResult
{
    /// <summary>More bytes are needed.</summary>
    More,
    Frame,
    /// <summary>A frame was longer than the ceiling and was passed over.</summary>
    TooLong,
    /// <summary>The stream cannot be understood any more; the connection must end.</summary>
    Broken,
}

/// <summary>
/// Cuts a TCP stream into syslog frames (RFC 6587): octet counting (3.4.1) or line ends (3.4.2), told by the first bytes of the connection.
/// </summary>
internal sealed class SyslogFramer(int maxFrame)
{
    private enum Framing
    {
        Unknown,
        Octets,
        Lines,
    }

    /// <summary>Longest count of an octet-counted frame that is passed over rather than taken for nonsense.</summary>
    private const long MaxSkipped = 1024L * 1024 * 1024;

    private Framing _framing;
    private long _skip;
    private bool _skippingLine;

    /// <summary>Takes the next frame off the front of the bytes; <paramref name="used"/> says how many are done with, whatever the result.</summary>
    public FramerResult Next(ReadOnlySpan<byte> bytes, out int used, out ReadOnlySpan<byte> frame)
    {
        used = 0;
        frame = default;
        if (_skip > 0)
        {
            used = (int)Math.Min(_skip, bytes.Length);
            _skip -= used;
            return FramerResult.More;
        }
        if (bytes.IsEmpty) return FramerResult.More;
        if (_framing == Framing.Unknown && !TryDetect(bytes)) return FramerResult.More;
        return _framing == Framing.Octets ? NextOctets(bytes, out used, out frame) : NextLine(bytes, out used, out frame);
    }

    /// <summary>What is left when the stream ends: a last line without its end, or nothing where a counted frame is incomplete.</summary>
    public bool TryLast(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frame)
    {
        frame = bytes;
        return _framing != Framing.Octets && !_skippingLine && !bytes.IsEmpty && bytes.Length <= maxFrame;
    }

    /// <summary>A counted frame was begun and not ended.</summary>
    public bool EndsWithin(ReadOnlySpan<byte> bytes) => _framing == Framing.Octets && (_skip > 0 || !bytes.IsEmpty);

    private bool TryDetect(ReadOnlySpan<byte> bytes)
    {
        var digits = 0;
        while (digits < bytes.Length && bytes[digits] is >= (byte)'0' and <= (byte)'9') digits++;
        if (digits is 0 or > 10 || bytes[0] == '0') _framing = Framing.Lines;
        else if (digits + 1 >= bytes.Length)
        {
            // A lone number so far: an octet count, unless a line end follows it.
            if (digits == bytes.Length || bytes[digits] == ' ') return false;
            _framing = Framing.Lines;
        }
        else _framing = bytes[digits] == ' ' && bytes[digits + 1] == '<' ? Framing.Octets : Framing.Lines;
        return true;
    }

    private FramerResult NextOctets(ReadOnlySpan<byte> bytes, out int used, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        used = 0;
        // Some senders end a counted frame with a line end all the same.
        while (used < bytes.Length && bytes[used] is (byte)'\n' or (byte)'\r') used++;
        var rest = bytes[used..];
        var space = rest[..Math.Min(rest.Length, 12)].IndexOf((byte)' ');
        if (space < 0)
        {
            foreach (var b in rest[..Math.Min(rest.Length, 12)]) if (b is < (byte)'0' or > (byte)'9') return FramerResult.Broken;
            return rest.Length >= 12 ? FramerResult.Broken : FramerResult.More;
        }
        if (space == 0 || space > 10 || !long.TryParse(rest[..space], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length) || length > MaxSkipped)
            return FramerResult.Broken;
        if (length > maxFrame)
        {
            var available = (int)Math.Min(length, rest.Length - space - 1);
            used += space + 1 + available;
            _skip = length - available;
            return FramerResult.TooLong;
        }
        if (rest.Length < space + 1 + length) return FramerResult.More;
        frame = rest.Slice(space + 1, (int)length);
        used += space + 1 + (int)length;
        return FramerResult.Frame;
    }

    private FramerResult NextLine(ReadOnlySpan<byte> bytes, out int used, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            used = 0;
            if (bytes.Length <= maxFrame && !_skippingLine) return FramerResult.More;
            used = bytes.Length;
            var first = !_skippingLine;
            _skippingLine = true;
            return first ? FramerResult.TooLong : FramerResult.More;
        }
        used = end + 1;
        if (_skippingLine)
        {
            _skippingLine = false;
            return NextAfterSkip(bytes, ref used, out frame);
        }
        if (end > maxFrame) return FramerResult.TooLong;
        frame = end > 0 && bytes[end - 1] == '\r' ? bytes[..(end - 1)] : bytes[..end];
        return FramerResult.Frame;
    }

    private FramerResult NextAfterSkip(ReadOnlySpan<byte> bytes, scoped ref int used, out ReadOnlySpan<byte> frame)
    {
        var result = NextLine(bytes[used..], out var more, out frame);
        used += more;
        return result;
    }
}
