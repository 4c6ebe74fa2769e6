using System.IO.Compression;

namespace Beacon.Collectors.Files.Archives;

/// <summary>The files of a zip archive, in the order of its directory. Names touch no disk.</summary>
internal static class ZipEntries
{
    /// <exception cref="InvalidDataException">The archive is damaged, or beyond its budget.</exception>
    public static IEnumerable<OpenLog> Read(Stream archive, string archiveName, ArchiveBudget budget)
    {
        // The directory is read whole: its length is looked at before.
        if (ZipDirectory.Count(archive) > ArchiveBudget.MaxEntries) throw new InvalidDataException($"the archive has more than {ArchiveBudget.MaxEntries} entries");
        archive.Position = 0;
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            if (budget.IsSpent) yield break;
            budget.TakeEntry();
            if (entry.FullName.EndsWith('/') || !EventFiles.IsLog(entry.FullName)) continue;
            if (entry.IsEncrypted)
            {
                yield return LogOpener.Refused(archiveName, entry.FullName, "the entry is encrypted; unpack it first");
                continue;
            }
            Stream? content = null;
            string? refusal = null;
            try
            {
                content = entry.Open();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // A boundary: one entry's damage is not its neighbour's.
                refusal = fault.Message;
            }
            if (content is null)
            {
                yield return LogOpener.Refused(archiveName, entry.FullName, refusal!);
                continue;
            }
            // Zip keeps a clock's reading without its zone.
            using var unpacked = new UnpackedStream(content, budget);
            yield return LogOpener.Entry(unpacked, archiveName, entry.FullName, new DateTimeOffset(DateTime.SpecifyKind(entry.LastWriteTime.DateTime, DateTimeKind.Unspecified), TimeSpan.Zero));
        }
    }
}
