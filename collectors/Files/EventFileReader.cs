using Beacon.Collectors.Parsers;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>
/// Reads the events of a file: Windows event logs (.evtx), lines of any format, JSON documents over several lines, and archives of
/// these. The event handed out is the reader's own and is used again for the next. One reader a thread; several readers may share the parsers.
/// </summary>
public sealed class EventFileReader(ParserCatalog parsers)
{
    /// <summary>Format name of event log files.</summary>
    public const string Evtx = "evtx";

    /// <summary>Longest line, in bytes; a longer one is a fault.</summary>
    public const int MaxLine = 4 * 1024 * 1024;

    /// <summary>Largest file whose JSON spans lines, in bytes.</summary>
    public const int MaxDocument = 256 * 1024 * 1024;

    private readonly EventBlock _block = new();
    private (string Format, EventBlockReader Reader)? _reader;

    /// <summary>The formats that <see cref="Read"/> takes, "auto" first.</summary>
    public IReadOnlyList<string> Formats => [.. parsers.Formats, Evtx];

    /// <summary>The file itself, or every log file and archive below a folder, in order of their names; links to folders are not followed.</summary>
    public static IEnumerable<string> EnumerateFiles(string path) => EventFiles.Enumerate(path);

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="each">Called for each event; it must not keep the event.</param>
    /// <param name="fault">Called for each thing that cannot be read; the rest is read all the same.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public EventFileSummary Read(string path, string format, Action<SecurityEvent, EventLabel> each, Action<EventFileFault> fault, CancellationToken cancellation = default)
    {
        if (_reader?.Format != format) _reader = (format, new EventBlockReader(parsers, format));
        using var source = new EventBlockSource([(path, path)], format);
        var sum = EventFileSummary.None;
        while (source.TryRead(_block))
        {
            cancellation.ThrowIfCancellationRequested();
            sum += _reader.Value.Reader.Read(_block, (e, number) => each(e, _block.File.LabelNext(number)), fault);
        }
        return sum;
    }

    /// <summary>The parser of a format; null for recognition and for event logs.</summary>
    internal static IEventParser? ParserOf(ParserCatalog parsers, string format)
    {
        if (format is ParserCatalog.Auto or Evtx) return null;
        return parsers.TryFind(format, out var parser) ? parser
            : throw new ArgumentException($"unknown format '{format}'; known are {string.Join(", ", parsers.Formats)}, {Evtx}", nameof(format));
    }
}
