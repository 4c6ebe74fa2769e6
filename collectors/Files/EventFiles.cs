namespace Beacon.Collectors.Files;

/// <summary>Finds log files below a folder.</summary>
internal static class EventFiles
{
    /// <summary>Files found at most.</summary>
    public const int MaxFiles = 1_000_000;
    private const int MaxDepth = 64;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".evtx", ".json", ".jsonl", ".ndjson", ".log", ".txt", ".syslog" };

    /// <summary>Those that cannot be read are among them: they are to be named, not passed over.</summary>
    private static readonly HashSet<string> Archives = new(StringComparer.OrdinalIgnoreCase) { ".zip", ".gz", ".tgz", ".tar", ".zst", ".tzst", ".xz", ".bz2", ".7z", ".rar", ".lz4" };

    public static IEnumerable<string> Enumerate(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var found = new List<string>();
        Walk(path, found, 0);
        return found;
    }

    /// <summary>The name is that of a log, or of an archive; that of a rotated log too ("auth.log.1").</summary>
    public static bool IsLog(string name)
    {
        var extension = Path.GetExtension(name);
        if (Extensions.Contains(extension) || Archives.Contains(extension)) return true;
        return extension.Length is > 1 and < 5 && !extension.AsSpan(1).ContainsAnyExceptInRange('0', '9') && Extensions.Contains(Path.GetExtension(name[..^extension.Length]));
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
            else if (IsLog(entry.Name)) found.Add(Path.Combine(folder, entry.Name));
        }
    }
}
