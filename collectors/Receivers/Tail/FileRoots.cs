using Beacon.Events;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>Which files sources may read: those beneath the configured folders, wherever links lead.</summary>
internal sealed class FileRoots(CollectorsOptions options)
{
    private const int MaxLinks = 40;

    private readonly string[] _roots = [.. options.FileRoots.Select(static r => Real(r)).OfType<string>().Select(static r => r.EndsWith(Path.DirectorySeparatorChar) ? r : r + Path.DirectorySeparatorChar)];

    /// <summary>What is wrong with a path or pattern; null where it may be read.</summary>
    public Phrase? Fault(string pattern) => Path.IsPathRooted(pattern) && !Allows(Fixed(pattern)) ? (Phrase)$"lies outside the folders that may be read ({CollectorsOptions.Section}:{nameof(CollectorsOptions.FileRoots)})" : null;

    public bool Allows(string path)
    {
        if (options.FileRoots.Count == 0) return true;
        return Real(path) is { } real && _roots.Any(r => (real + Path.DirectorySeparatorChar).StartsWith(r, StringComparison.Ordinal));
    }

    /// <summary>The folder of a pattern above its first wildcard; of a plain path, itself.</summary>
    private static string Fixed(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        return wild < 0 ? pattern : pattern[..(pattern.LastIndexOf(Path.DirectorySeparatorChar, wild) + 1)];
    }

    /// <summary>The path with every link on its way resolved; null where links lead in a circle, or nobody may look.</summary>
    private static string? Real(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            for (var links = 0; links <= MaxLinks; links++)
            {
                if (FirstLink(full) is not { } link) return Path.TrimEndingDirectorySeparator(full);
                var rest = full[link.FullName.Length..].TrimStart(Path.DirectorySeparatorChar);
                var target = Path.Combine(Path.GetDirectoryName(link.FullName)!, link.LinkTarget!);
                full = Path.GetFullPath(rest.Length == 0 ? target : Path.Combine(target, rest));
            }
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static FileSystemInfo? FirstLink(string full)
    {
        for (var at = full.IndexOf(Path.DirectorySeparatorChar, 1); ; at = full.IndexOf(Path.DirectorySeparatorChar, at + 1))
        {
            var part = at < 0 ? full : full[..at];
            FileSystemInfo info = Directory.Exists(part) ? new DirectoryInfo(part) : new FileInfo(part);
            if (info.LinkTarget is not null) return info;
            if (at < 0 || at + 1 >= full.Length) return null;
        }
    }
}
