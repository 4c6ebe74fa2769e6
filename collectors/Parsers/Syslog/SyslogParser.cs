using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Syslog;

/// <summary>
/// Syslog with the header of RFC 5424 or RFC 3164, also without its priority as files have it; the text behind it goes to the parser of
/// the program that wrote it, or to one that recognises it.
/// </summary>
internal sealed class SyslogParser : IEventParser
{
    private readonly Dictionary<string, IMessageParser> _programs = new(StringComparer.OrdinalIgnoreCase);
    private readonly IMessageParser[] _any;
    private readonly IEventParser[] _inner;

    /// <param name="messages">Parsers by program; one without programs is asked for every message.</param>
    /// <param name="inner">Formats that also come inside syslog.</param>
    public SyslogParser(IReadOnlyList<IMessageParser> messages, IReadOnlyList<IEventParser> inner)
    {
        foreach (var message in messages)
            foreach (var program in message.Programs) _programs[program] = message;
        _any = [.. messages.Where(m => m.Programs.Count == 0)];
        _inner = [.. inner];
    }

    public string Name => "syslog";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > 3 && frame[0] == '<' && TryPriority(frame, out _, out _)) return 90;
        if (frame.Length < 16) return 0;
        if (Timestamps.TryBsd(frame, DateTimeOffset.UnixEpoch.AddYears(30), TimeZoneInfo.Utc, out _, out var length) && frame.Length > length && frame[length] == ' ') return 80;
        // An ISO time alone begins many logs: a host and a tag must follow.
        if (!Timestamps.TryIso(frame, TimeZoneInfo.Utc, out _, out length) || frame.Length <= length + 3 || frame[length] != ' ' || frame[10] == ' ') return 0;
        var rest = frame[(length + 1)..];
        var host = Text.Word(ref rest);
        return IsHost(host) && TagLength(rest) is > 0 and var tag && (rest[tag] is (byte)':' or (byte)'[') ? 75 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var rest = Text.TrimEnd(frame);
        if (rest.IsEmpty) return ParseResult.Fail("the frame is empty");
        var priority = -1;
        if (rest[0] == '<')
        {
            if (!TryPriority(rest, out priority, out var used)) return ParseResult.Fail("the priority is not a number from 0 to 191 in angle brackets", 1);
            rest = rest[used..];
            AddPriority(priority, into);
        }
        var header = new SyslogHeader();
        var is5424 = priority >= 0 && rest.StartsWith("1 "u8) && Rfc5424.TryRead(rest[2..], info, ref header, into);
        if (!is5424) Rfc3164.Read(rest, info, ref header, into);
        if (header.Time is { } time) into.Timestamp = time;
        if (!header.Host.IsEmpty && !header.Host.SequenceEqual("-"u8))
        {
            into.Add(SyslogFields.Hostname, header.Host);
            into.AddAlias(Field.HostName, into.Count - 1);
        }
        AddProcess(header, into);
        var message = header.Message;
        into.Add(Field.Message, message);
        if (message.Length != frame.Length) into.Add(Field.EventOriginal, Text.TrimEnd(frame));
        ParseInner(header.Program, message, info, into);
        if (!into.Has(Field.EventDataset)) into.Add(Field.EventDataset, "syslog"u8);
        return ParseResult.Ok;
    }

    private void ParseInner(ReadOnlySpan<byte> program, ReadOnlySpan<byte> message, in FrameInfo info, SecurityEvent into)
    {
        if (message.IsEmpty) return;
        var parser = FindProgram(program);
        if (parser is not null && parser.ParseMessage(message, into)) return;
        foreach (var any in _any) if (any.ParseMessage(message, into)) return;
        if (Text.TrySkip(ref message, "@cee:"u8)) message = Text.TrimSpaces(message);
        // A program's own format first: "nginx" writes access lines that look like Apache's.
        foreach (var inner in _inner)
            if (IsOf(inner, program) && TryInner(inner, message, info, into)) return;
        foreach (var inner in _inner)
            if (TryInner(inner, message, info, into)) return;
    }

    private static bool IsOf(IEventParser parser, ReadOnlySpan<byte> program)
    {
        var dash = parser.Name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && System.Text.Ascii.Equals(program, parser.Name.AsSpan(0, dash));
    }

    private static bool TryInner(IEventParser inner, ReadOnlySpan<byte> message, in FrameInfo info, SecurityEvent into)
    {
        if (inner.Recognise(message) < 50) return false;
        var mark = into.Timestamp;
        // What the inner format cannot read is a message like any other: its text is there already.
        var before = into.Count;
        if (inner.Parse(message, info, into).Succeeded || into.Count == before) return true;
        into.Timestamp = mark;
        return true;
    }

    private IMessageParser? FindProgram(ReadOnlySpan<byte> program)
    {
        // "sshd(pam_unix)" and "/usr/sbin/sshd" are sshd.
        var paren = program.IndexOf((byte)'(');
        if (paren > 0) program = program[..paren];
        program = program[(program.LastIndexOf((byte)'/') + 1)..];
        Span<char> name = stackalloc char[48];
        return program.Length is > 0 and <= 48 && System.Text.Encoding.UTF8.TryGetChars(program, name, out var n)
            && _programs.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..n], out var parser) ? parser : null;
    }

    private static void AddProcess(in SyslogHeader header, SecurityEvent into)
    {
        if (!header.Program.IsEmpty && !header.Program.SequenceEqual("-"u8))
        {
            into.Add(SyslogFields.Appname, header.Program);
            into.AddAlias(Field.ProcessName, into.Count - 1);
        }
        if (header.ProcessId.IsEmpty || header.ProcessId.SequenceEqual("-"u8)) return;
        into.Add(SyslogFields.ProcId, header.ProcessId);
        if (Text.TryDigits(header.ProcessId, out var pid)) into.Add(Field.ProcessPid, pid);
    }

    private static bool TryPriority(ReadOnlySpan<byte> frame, out int priority, out int used)
    {
        used = 0;
        priority = 0;
        var end = frame[..Math.Min(frame.Length, 6)].IndexOf((byte)'>');
        if (end < 2 || !Text.TryDigits(frame[1..end], out priority) || priority > SyslogNames.MaxPriority) return false;
        used = end + 1;
        return true;
    }

    private static void AddPriority(int priority, SecurityEvent into)
    {
        into.Add(SyslogFields.Priority, priority);
        into.Add(SyslogFields.FacilityCode, priority >> 3);
        into.Add(SyslogFields.FacilityName, SyslogNames.Facility(priority));
        into.Add(SyslogFields.SeverityCode, priority & 7);
        into.Add(SyslogFields.SeverityName, SyslogNames.Severity(priority));
        into.AddAlias(Field.LogLevel, into.Count - 1);
    }

    internal static bool IsHost(ReadOnlySpan<byte> word)
    {
        if (word.Length is 0 or > 255) return false;
        foreach (var b in word)
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'-' or (byte)'_' or (byte)':' or (byte)'%') && b < 0x80) return false;
        return word[^1] != ':';
    }

    /// <summary>Length of the program's name at the start of the text; 0 where there is none.</summary>
    internal static int TagLength(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length && i <= 128; i++)
        {
            if (text[i] is (byte)':' or (byte)'[') return i;
            if (text[i] is (byte)' ' or < 0x20) return 0;
        }
        return 0;
    }
}
