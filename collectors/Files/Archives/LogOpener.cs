using System.IO.Compression;

namespace Beacon.Collectors.Files.Archives;

/// <summary>A log ready to be read.</summary>
/// <param name="Refusal">Why it is not, or null.</param>
internal sealed record OpenLog(EventFile File, LogStream? Stream, string? Refusal);

/// <summary>Opens a file: the log itself, or the logs of an archive. An archive within an archive is not opened, but for a packed tar.</summary>
internal static class LogOpener
{
    /// <exception cref="InvalidDataException">The archive cannot be read, from where it stands.</exception>
    public static IEnumerable<OpenLog> Open(ReadCounter disk, string name, DateTimeOffset modified)
    {
        var log = new LogStream(disk);
        var kind = ArchiveMagic.Recognise(log.Head, out var form);
        var file = new EventFile(name, modified);
        if (kind is not (ArchiveKind.None or ArchiveKind.Other or ArchiveKind.Tar) && !disk.CanSeek) return [new OpenLog(file, null, "an archive is read from a file, not from a pipe")];
        switch (kind)
        {
            case ArchiveKind.None:
                return [new OpenLog(file, log, null)];
            case ArchiveKind.Other:
                return [new OpenLog(file, null, $"archives of the form {form} are not read: unpack it first")];
            case ArchiveKind.Tar:
                return TarEntries.Read(log, name, new ArchiveBudget(disk.CanSeek ? disk.Length : 0));
            case ArchiveKind.Zip:
                return ZipEntries.Read(disk, name, new ArchiveBudget(disk.Length));
            default:
                disk.Position = 0;
                return Unpack(kind == ArchiveKind.Gzip ? new GZipStream(disk, CompressionMode.Decompress, leaveOpen: true) : new ZstdSharp.DecompressionStream(disk, leaveOpen: true), file, new ArchiveBudget(disk.Length));
        }
    }

    /// <summary>An entry of an archive; its name is the archive's writer's.</summary>
    public static OpenLog Entry(Stream content, string archive, string name, DateTimeOffset modified)
    {
        var log = new LogStream(content);
        return ArchiveMagic.Recognise(log.Head, out _) == ArchiveKind.None
            ? new OpenLog(new EventFile(NameOf(archive, name), modified), log, null)
            : Refused(archive, name, "an archive within an archive is not opened: unpack it first");
    }

    public static OpenLog Refused(string archive, string name, string reason) => new(new EventFile(NameOf(archive, name), default), null, reason);

    private static IEnumerable<OpenLog> Unpack(Stream unpacker, EventFile file, ArchiveBudget budget)
    {
        using var unpacked = new UnpackedStream(unpacker, budget);
        var log = new LogStream(unpacked);
        switch (ArchiveMagic.Recognise(log.Head, out _))
        {
            case ArchiveKind.None:
                yield return new OpenLog(file, log, null);
                break;
            case ArchiveKind.Tar:
                foreach (var entry in TarEntries.Read(log, file.Name, budget)) yield return entry;
                break;
            default:
                yield return new OpenLog(file, null, "an archive within an archive is not opened: unpack it first");
                break;
        }
    }

    private static string NameOf(string archive, string name) => archive + "!" + (name.Length <= EventFile.MaxName ? name : name[..EventFile.MaxName] + "…").Replace('\\', '/');
}
