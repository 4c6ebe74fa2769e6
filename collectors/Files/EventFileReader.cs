using Beacon.Collectors.Parsers;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>Names an event within its file: the EventRecordID of an event log, else the number of the line or object, from 1.</summary>
/// <param name="Repetition">1, or 2, 3, … where the file holds the number again.</param>
public readonly record struct EventLabel(long Number, int Repetition)
{
    /// <summary>"1234", "1234~2".</summary>
    public override string ToString() => Repetition > 1
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}~{Repetition}")
        : Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What of a file could not be read.</summary>
/// <param name="Place">"line 12", "byte 69632", or empty for the whole file.</param>
public sealed record EventFileFault(string File, string Place, string Reason);

/// <param name="Unrecognised">Events that keep their text only.</param>
public sealed record EventFileSummary(long Events, long Bytes, long Faults, long Unrecognised)
{
    public static EventFileSummary operator +(EventFileSummary a, EventFileSummary b) =>
        new(a.Events + b.Events, a.Bytes + b.Bytes, a.Faults + b.Faults, a.Unrecognised + b.Unrecognised);

    public static EventFileSummary Add(EventFileSummary left, EventFileSummary right) => left + right;
}

/// <summary>
/// Reads the events of a file: Windows event logs (.evtx), lines of any format, or JSON documents over several lines. The event handed
/// out is the reader's own and is used again for the next. One reader a thread; several readers may share the parsers.
/// </summary>
public sealed class EventFileReader(ParserCatalog parsers)
{
    /// <summary>Format name of event log files.</summary>
    public const string Evtx = "evtx";

    /// <summary>Longest line, in bytes; a longer one is a fault.</summary>
    public const int MaxLine = 4 * 1024 * 1024;

    /// <summary>Largest file whose JSON spans lines, in bytes.</summary>
    public const int MaxDocument = 256 * 1024 * 1024;

    private readonly SecurityEvent _event = new(4096, 64);

    /// <summary>The formats that <see cref="Read"/> takes, "auto" first.</summary>
    public IReadOnlyList<string> Formats => [.. parsers.Formats, Evtx];

    /// <summary>The file itself, or every log file below a folder, in order of their names; links to folders are not followed.</summary>
    public static IEnumerable<string> EnumerateFiles(string path) => EventFiles.Enumerate(path);

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="each">Called for each event; it must not keep the event.</param>
    /// <param name="fault">Called for each thing that cannot be read; the rest is read all the same.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public EventFileSummary Read(string path, string format, Action<SecurityEvent, EventLabel> each, Action<EventFileFault> fault, CancellationToken cancellation = default)
    {
        IEventParser? parser = null;
        if (format is not (ParserCatalog.Auto or Evtx) && !parsers.TryFind(format, out parser))
            throw new ArgumentException($"unknown format '{format}'; known are {string.Join(", ", Formats)}", nameof(format));
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            Span<byte> magic = stackalloc byte[8];
            var n = RandomAccess.Read(handle, magic, 0);
            if (format == Evtx || (format == ParserCatalog.Auto && magic[..n].SequenceEqual(EvtxReader.Magic))) return ReadEvtx(path, each, fault, cancellation);
            var lines = new TextFileReader(path, handle, parsers, parser, _event, each, fault);
            return lines.Read(cancellation);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            fault(new EventFileFault(path, "", e.Message));
            return new EventFileSummary(0, 0, 1, 0);
        }
    }

    private EventFileSummary ReadEvtx(string path, Action<SecurityEvent, EventLabel> each, Action<EventFileFault> fault, CancellationToken cancellation)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(handle);
        using var reader = new EvtxReader(handle, f => fault(new EventFileFault(path, $"byte {f.Offset}", f.Reason)));
        var labels = new RecordLabels();
        while (reader.TryRead(_event))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_event.TryGetInteger(Field.WinlogRecordId, out var id)) id = reader.RecordId;
            _event.Received = _event.Timestamp;
            each(_event, labels.Next(id));
        }
        return new EventFileSummary(reader.Records, length, reader.Faults, 0);
    }
}
