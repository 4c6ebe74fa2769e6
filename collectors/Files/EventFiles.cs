namespace Beacon.Collectors.Files;

/// <summary>Finds log files below a folder.</summary>
internal static class EventFiles
{
    /// <summary>Files found at most.</summary>
    public const int MaxFiles = 1_000_000;
    private const int MaxDepth = 64;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".evtx", ".json", ".jsonl", ".ndjson", ".log", ".txt", ".syslog" };

    public static IEnumerable<string> Enumerate(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var found = new List<string>();
        Walk(path, found, 0);
        return found;
    }

    private static void Walk(string folder, List<string> found, int depth)
    {
        if (depth > MaxDepth) return;
        IEnumerable<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return;
        }
        foreach (var entry in entries)
        {
            if (found.Count >= MaxFiles) return;
            if (entry is DirectoryInfo)
            {
                // A link may lead in a circle.
                if (entry.LinkTarget is null) Walk(Path.Combine(folder, entry.Name), found, depth + 1);
            }
            else if (Extensions.Contains(entry.Extension)) found.Add(Path.Combine(folder, entry.Name));
        }
    }
}
