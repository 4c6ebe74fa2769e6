using Beacon.Collectors.Files.Archives;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>
/// Gives the blocks of many logs, one after another, in the order of the files. What cannot be read is a fault of the block that comes
/// next; the rest is read all the same. One thread at a time.
/// </summary>
public sealed class EventBlockSource : IDisposable
{
    private readonly IEnumerator<(string Path, string Name)> _files;
    private readonly bool _mayBeEvtx;
    private readonly bool _mustBeEvtx;
    private ReadCounter? _disk;
    private IEnumerator<OpenLog>? _logs;
    private IBlockCutter? _cutter;
    private EventFile? _file;
    private LogStream? _stream;
    private long _bytesOfClosed;
    private long _bytesNow;
    private int _logCount;

    /// <param name="files">Where each file is, and the name by which it is shown.</param>
    /// <param name="format">Format of the lines, "auto", or "evtx": then each must be an event log.</param>
    public EventBlockSource(IEnumerable<(string Path, string Name)> files, string format)
    {
        _files = files.GetEnumerator();
        _mayBeEvtx = format is ParserCatalog.Auto or EventFileReader.Evtx;
        _mustBeEvtx = format == EventFileReader.Evtx;
    }

    /// <summary>Bytes read from disk so far; of archives before they are unpacked. Safe to ask from any thread.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesOfClosed) + Interlocked.Read(ref _bytesNow);

    /// <summary>Logs begun so far, entries of archives among them. Safe to ask from any thread.</summary>
    public int Logs => Volatile.Read(ref _logCount);

    /// <summary>Fills the block with what comes next; false once all files are read.</summary>
    public bool TryRead(EventBlock block)
    {
        block.Clear();
        while (true)
        {
            try
            {
                if (_cutter is not null)
                {
                    block.File = _file!;
                    if (Cut(block)) return true;
                    _cutter = null;
                    if (_stream?.Failure is { } broken) return Fail(block, Phrase.Plain(broken));
                }
                if (_logs is null && !OpenFile()) return false;
                if (!_logs!.MoveNext())
                {
                    CloseFile();
                    continue;
                }
                Begin(_logs.Current);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // A boundary: what others wrote, and unpackers that throw what they like for it. One log's damage is not its neighbour's.
                return Fail(block, Phrase.Plain(fault.Message));
            }
        }
    }

    public void Dispose()
    {
        CloseFile();
        _files.Dispose();
    }

    private bool Cut(EventBlock block)
    {
        var more = _cutter!.Next(block);
        Interlocked.Exchange(ref _bytesNow, _disk?.Count ?? 0);
        return more;
    }

    private bool OpenFile()
    {
        if (!_files.MoveNext()) return false;
        var (path, name) = _files.Current;
        _file = new EventFile(name, default);
        _disk = new ReadCounter(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan));
        _logs = LogOpener.Open(_disk, name, new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero)).GetEnumerator();
        return true;
    }

    private void Begin(OpenLog log)
    {
        (_file, _stream) = (log.File, null);
        Interlocked.Increment(ref _logCount);
        if (log.Refusal is not null) throw new InvalidDataException(log.Refusal);
        var stream = _stream = log.Stream!;
        if (_mustBeEvtx || (_mayBeEvtx && stream.Head.StartsWith(EvtxReader.Magic))) _cutter = new EvtxCutter(stream, _file);
        else if (TextShape.SpansLines(stream.Head)) _cutter = new DocumentCutter(stream, _file);
        else _cutter = new LineCutter(stream, _file);
    }

    /// <summary>Gives up the log in hand, or the whole file where its archive is what cannot be read.</summary>
    private bool Fail(EventBlock block, Phrase reason)
    {
        block.File = _file!;
        block.Kind = EventBlockKind.Empty;
        block.Bytes = 0;
        block.FaultList.Add(new EventFileFault(_file!.Name, "", reason));
        if (_logs is null) CloseFile();
        _cutter = null;
        return true;
    }

    private void CloseFile()
    {
        _cutter = null;
        _logs?.Dispose();
        _logs = null;
        Interlocked.Exchange(ref _bytesNow, 0);
        Interlocked.Add(ref _bytesOfClosed, _disk?.Count ?? 0);
        _disk?.Dispose();
        _disk = null;
    }
}
