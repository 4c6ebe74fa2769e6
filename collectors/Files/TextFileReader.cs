using System.Text.Json;
using Beacon.Collectors.Parsers;
using Beacon.Events;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Files;

/// <summary>Reads a text file: an event a line, or the JSON objects of a document that spans lines.</summary>
internal sealed class TextFileReader(
    string path, SafeFileHandle handle, ParserCatalog parsers, IEventParser? parser, SecurityEvent e, Action<SecurityEvent, EventLabel> each, Action<EventFileFault> fault)
{
    private readonly DateTimeOffset _received = new(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
    private readonly long _length = RandomAccess.GetLength(handle);
    private long _events;
    private long _faults;
    private long _unrecognised;

    public EventFileSummary Read(CancellationToken cancellation)
    {
        if (SpansLines()) ReadDocument();
        else ReadLines(cancellation);
        return new EventFileSummary(_events, _length, _faults, _unrecognised);
    }

    private void ReadLines(CancellationToken cancellation)
    {
        var buffer = new byte[256 * 1024];
        long offset = 0, line = 0;
        var filled = 0;
        var skipping = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var n = RandomAccess.Read(handle, buffer.AsSpan(filled), offset);
            offset += n;
            filled += n;
            var at = 0;
            while (at < filled)
            {
                var length = buffer.AsSpan(at, filled - at).IndexOf((byte)'\n');
                if (length < 0 && n > 0) break;
                if (length < 0) length = filled - at;
                line++;
                if (!skipping) Line(buffer.AsSpan(at, length), line);
                skipping = false;
                at += Math.Min(length + 1, filled - at);
            }
            if (n == 0) return;
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            if (filled < buffer.Length) continue;
            if (buffer.Length < EventFileReader.MaxLine) Array.Resize(ref buffer, buffer.Length * 2);
            else
            {
                if (!skipping) Fault($"line {line + 1}", $"the line is longer than {EventFileReader.MaxLine} bytes");
                skipping = true;
                filled = 0;
            }
        }
    }

    private void Line(ReadOnlySpan<byte> text, long line)
    {
        text = Text.TrimEnd(text);
        if (line == 1 && text.StartsWith("\uFEFF"u8)) text = text[3..];
        if (!text.IsEmpty) Parse(text, line, "line");
    }

    private void Parse(ReadOnlySpan<byte> text, long number, string unit)
    {
        e.Reset();
        e.Received = e.Timestamp = _received;
        var result = parsers.Parse(parser, text, FrameInfo.At(_received), e, out var recognised);
        if (!result.Succeeded)
        {
            Fault($"{unit} {number}", result.Error!);
            return;
        }
        _events++;
        if (!recognised) _unrecognised++;
        each(e, new EventLabel(number, 1));
    }

    /// <summary>True where the file begins as JSON and its first line is no whole object.</summary>
    private bool SpansLines()
    {
        var head = new byte[64 * 1024];
        var text = head.AsSpan(0, RandomAccess.Read(handle, head, 0));
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'[')) return false;
        var end = text.IndexOf((byte)'\n');
        if (text[0] == '[') return end < 0 || Text.TrimEnd(text[1..Math.Max(1, end)]).Trim(" \t"u8).IsEmpty || text[1..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (end < 0) return false;
        try
        {
            var reader = new Utf8JsonReader(text[..end], new JsonReaderOptions { MaxDepth = JsonFields.MaxDepth });
            while (reader.Read())
            {
            }
            return false;
        }
        catch (JsonException)
        {
            // Broken, or going on in the next line: what follows an object's first line is no object of its own.
            return text[(end + 1)..].TrimStart(" \t\r\n"u8) is not [(byte)'{', ..];
        }
    }

    private void ReadDocument()
    {
        if (_length > EventFileReader.MaxDocument)
        {
            Fault("", $"JSON that spans lines is read up to {EventFileReader.MaxDocument} bytes");
            return;
        }
        var bytes = new byte[_length];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(length), length) is > 0 and var n) length += n;
        var text = bytes.AsSpan(0, length);
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        var number = 0L;
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonFields.MaxDepth + 1, AllowMultipleValues = true });
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.StartObject) continue;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Parse(text[start..(int)reader.BytesConsumed], ++number, "object");
            }
        }
        catch (JsonException broken)
        {
            Fault($"line {broken.LineNumber + 1}", "the text is not JSON");
        }
    }

    private void Fault(string place, string reason)
    {
        _faults++;
        fault(new EventFileFault(path, place, reason));
    }
}
