using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Spool;

/// <summary>Finds out what a spool's folder holds, after a clean stop or a crash.</summary>
internal sealed class SpoolRecovery
{
    public required List<SpoolSegment> Segments { get; init; }
    public required SpoolFile Active { get; init; }
    public required ulong Identity { get; init; }
    public required long Tail { get; init; }
    public required long LastReceived { get; init; }

    public static SpoolRecovery Run(SpoolSettings settings, ILogger log)
    {
        Directory.CreateDirectory(settings.Directory);
        var identity = ReadIdentity(settings.Directory);
        var segments = new List<SpoolSegment>();
        foreach (var path in Directory.EnumerateFiles(settings.Directory, "*.seg"))
            if (SpoolSegment.TryParse(path, out var first)) segments.Add(new SpoolSegment(path, first, new FileInfo(path).Length));
        segments.Sort((a, b) => a.First.CompareTo(b.First));

        // A crash while a segment was made leaves one without a whole header: nothing was in it.
        if (segments.Count > 0 && segments[^1].Length < SpoolFormat.SegmentHeader)
        {
            var torn = segments[^1];
            segments.RemoveAt(segments.Count - 1);
            File.Delete(torn.Path);
            return Finish(settings, identity, segments, SpoolFile.Create(settings.Directory, identity, torn.First), torn.First - 1, 0, append: true);
        }
        if (segments.Count == 0) return Finish(settings, identity, segments, SpoolFile.Create(settings.Directory, identity, 1), 0, 0, append: true);

        var last = segments[^1];
        CheckIdentity(last, identity);
        var (length, tail, received) = FindEnd(last, settings.MaxBodyBytes);
        if (length < last.Length)
        {
            var copy = SaveTail(settings.Directory, last, length);
            SpoolLog.TornTail(log, last.Length - length, tail, copy);
            segments[^1] = last with { Length = length };
        }
        return Finish(settings, identity, segments, SpoolFile.Open(last.Path, length), tail, received, append: false);
    }

    private static SpoolRecovery Finish(SpoolSettings settings, ulong identity, List<SpoolSegment> segments, SpoolFile active, long tail, long received, bool append)
    {
        if (append) segments.Add(new SpoolSegment(active.Path, tail + 1, active.Length));
        return new SpoolRecovery { Segments = segments, Active = active, Identity = identity, Tail = tail, LastReceived = received };
    }

    private static ulong ReadIdentity(string directory)
    {
        var path = Path.Combine(directory, "identity");
        if (File.Exists(path))
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length == 8) return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            throw new InvalidDataException($"{path} is not a spool's identity (8 bytes)");
        }
        var fresh = RandomNumberGenerator.GetBytes(8);
        // The segments of a folder whose identity file was lost carry it too: ids stay the same.
        foreach (var segment in Directory.EnumerateFiles(directory, "*.seg").Order(StringComparer.Ordinal))
        {
            var header = new byte[SpoolFormat.SegmentHeader];
            using var handle = File.OpenHandle(segment);
            if (RandomAccess.Read(handle, header, 0) == header.Length && SpoolFormat.ReadSegmentHeader(header, out var known, out _))
                BinaryPrimitives.WriteUInt64LittleEndian(fresh, known);
        }
        using (var file = new FileStream(path, FileMode.CreateNew))
        {
            file.Write(fresh);
            file.Flush(flushToDisk: true);
        }
        SpoolFile.FlushDirectory(directory);
        return BinaryPrimitives.ReadUInt64LittleEndian(fresh);
    }

    private static void CheckIdentity(SpoolSegment segment, ulong identity)
    {
        var header = new byte[SpoolFormat.SegmentHeader];
        using var handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (RandomAccess.Read(handle, header, 0) == header.Length && SpoolFormat.ReadSegmentHeader(header, out var found, out _) && found != identity)
            throw new InvalidDataException($"{segment.Path} belongs to another spool");
    }

    private static (long Length, long Tail, long Received) FindEnd(SpoolSegment segment, int maxBody)
    {
        using var scanner = new SegmentScanner(segment.Path, maxBody);
        long length = SpoolFormat.SegmentHeader, tail = segment.First - 1, received = 0;
        scanner.Position = length;
        while (true)
        {
            while (scanner.TryRead(segment.Length, out var record))
            {
                if (SpoolFormat.SequenceOf(record.Span) <= tail) continue;
                tail = SpoolFormat.SequenceOf(record.Span);
                received = SpoolFormat.ReceivedOf(record.Span);
                length = scanner.Position;
            }
            // Records behind a bad one were acknowledged: damage, for the reader to report, and not a torn end.
            if (!scanner.TrySkipToRecord(segment.Length, tail + 1)) return (length, tail, received);
        }
    }

    private static string SaveTail(string directory, SpoolSegment segment, long from)
    {
        var folder = Path.Combine(directory, "damaged");
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(segment.Path)}-{from}.tail");
        using var source = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(copy, FileMode.Create);
        source.Position = from;
        source.CopyTo(target);
        return copy;
    }
}
