using System.Buffers;
using System.Text;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Collectors.Receivers.Evtx;
using Beacon.Collectors.Receivers.Tail;
using Beacon.Events;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Sources;

/// <summary>What one line would become.</summary>
/// <param name="Json">The event as ECS JSON, or null where the line would be quarantined.</param>
/// <param name="Recognised">False where only the text would be kept.</param>
/// <param name="Format">What it was recognised as (event.module), or empty.</param>
/// <param name="Written">When the line says that it was written; null where it says nothing.</param>
public sealed record PreviewLine(string Text, string? Json, bool Recognised, Phrase? Error, int Position, string Format = "", DateTimeOffset? Written = null);

/// <param name="Lines">The first ones, at most twenty.</param>
/// <param name="Faults">Why there is no preview.</param>
public sealed record PreviewResult(IReadOnlyList<PreviewLine> Lines, IReadOnlyList<SourceFault> Faults)
{
    /// <summary>The file that was looked into; empty for pasted text.</summary>
    public string From { get; init; } = "";

    /// <summary>Files that the source would read.</summary>
    public int Files { get; init; }

    /// <summary>Lines or records looked at, at most 1,000.</summary>
    public int Seen { get; init; }

    /// <summary>Of those, how many would be quarantined.</summary>
    public int Unread { get; init; }

    /// <summary>What most of those that were recognised were recognised as, or empty.</summary>
    public string Format { get; init; } = "";
}

/// <summary>Parses a few lines as a source would, without storing anything.</summary>
internal sealed class SourcePreview(ParserCatalog parsers, SourceCatalog catalog, FileRoots roots, CollectorsOptions options, TimeProvider time)
{
    /// <summary>Lines shown at most.</summary>
    public const int MaxLines = 20;

    private const int MaxSeen = 1_000;
    private const int MaxBytes = 256 * 1024;
    private static readonly SourceFault Nothing = new("sample", "there is nothing to preview: give a sample");

    /// <param name="sample">Null for what the source's files hold.</param>
    public PreviewResult Run(SourceDefinition source, string? sample)
    {
        if (sample is not null) return OfText(source, Encoding.UTF8.GetBytes(sample.Length > MaxBytes ? sample[..MaxBytes] : sample));
        var paths = SourceFiles.PathsOf(source).Where(roots.Allows).ToList();
        var fault = SourceService.ReadsFiles(source.Kind) ? new SourceFault(source.Kind == FileReceiver.KindName ? "settings.paths" : "settings.path", "no such file is there now") : Nothing;
        foreach (var path in paths)
        {
            try
            {
                var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return Run(source, handle) with { From = path, Files = paths.Count };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                fault = fault with { Message = $"{path}: {EvtxHeader.Said(e)}" };
            }
        }
        return new PreviewResult([], [fault]);
    }

    /// <summary>The first bytes of a file that somebody gives to be looked at.</summary>
    public PreviewResult RunFile(SourceDefinition source, string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            // An event log wants a file of its own to be read from.
            File.WriteAllBytes(path, bytes);
            return Run(source, File.OpenHandle(path, options: FileOptions.DeleteOnClose)) with { From = name, Files = 1 };
        }
        catch (InvalidDataException fault)
        {
            return new PreviewResult([], [new SourceFault("file", EvtxHeader.Said(fault))]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What one frame would become.</summary>
    public PreviewLine Read(SourceProfile profile, ReadOnlySpan<byte> frame, SecurityEvent e)
    {
        e.Reset();
        e.Source = profile.Id;
        e.Received = e.Timestamp = time.GetUtcNow();
        var result = parsers.Parse(profile.Parser, frame, new FrameInfo(e.Received, profile.Zone), e, out var recognised);
        return new PreviewLine(Encoding.UTF8.GetString(frame), result.Succeeded ? EcsJson.ToText(e) : null, recognised && result.Succeeded, result.Error, result.Offset,
            result.Succeeded ? e.GetText(Field.EventModule) ?? "" : "", result.Succeeded && e.Timestamp != e.Received ? e.Timestamp : null);
    }

    private PreviewResult Run(SourceDefinition source, SafeFileHandle handle)
    {
        using var open = handle;
        if (source.Kind == EvtxReceiver.KindName) return OfRecords(source, handle);
        var bytes = new byte[MaxBytes];
        return OfText(source, bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)));
    }

    private PreviewResult OfText(SourceDefinition source, ReadOnlySpan<byte> rest)
    {
        var (profile, tally, e) = (catalog.Profile(source), new Tally(), new SecurityEvent());
        while (!rest.IsEmpty && tally.Seen < MaxSeen)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = Text.TrimEnd(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.IsEmpty && line.Length <= options.MaxFrameBytes) tally.Add(Read(profile, line, e));
        }
        return tally.Result;
    }

    private PreviewResult OfRecords(SourceDefinition source, SafeFileHandle handle)
    {
        var (profile, tally, e) = (catalog.Profile(source), new Tally(), new SecurityEvent());
        var json = new ArrayBufferWriter<byte>(4096);
        // Damage is met record by record, and told when the file is read for good.
        using var reader = new EvtxReader(handle, static _ => { });
        while (tally.Seen < MaxSeen && reader.TryRead(e))
        {
            json.ResetWrittenCount();
            EvtxFrame.Write(e, json);
            tally.Add(Read(profile, json.WrittenSpan, e));
        }
        return tally.Result;
    }

    private sealed class Tally
    {
        private readonly List<PreviewLine> _lines = [];
        private readonly Dictionary<string, int> _formats = [];
        private int _unread;

        public int Seen { get; private set; }

        public PreviewResult Result => new(_lines, []) { Seen = Seen, Unread = _unread, Format = _formats.Count == 0 ? "" : _formats.MaxBy(static f => f.Value).Key };

        public void Add(PreviewLine line)
        {
            Seen++;
            if (line.Json is null) _unread++;
            if (line.Format.Length > 0) _formats[line.Format] = _formats.GetValueOrDefault(line.Format) + 1;
            if (_lines.Count < MaxLines) _lines.Add(line);
        }
    }
}
