using System.IO.Enumeration;
using Beacon.Events;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>Files by an absolute path in whose parts '*' and '?' stand for any characters; a part "**" stands for any folders.</summary>
internal static class FilePattern
{
    /// <summary>Files that one pattern finds at most.</summary>
    public const int MaxFiles = 1_000;
    private const int MaxDepth = 16;

    public static Phrase? Fault(string pattern) =>
        !Path.IsPathRooted(pattern) ? (Phrase)"is not an absolute path"
        : pattern.EndsWith('/') ? (Phrase)"names a folder; add a file name or '*'"
        : pattern.Contains('\0', StringComparison.Ordinal) ? (Phrase)"holds a NUL character" : null;

    public static IReadOnlyList<string> Expand(string pattern)
    {
        var found = new List<string>();
        var parts = pattern.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var root = Path.GetPathRoot(pattern)!;
        Walk(root, parts, root.Length > 1 ? 1 : 0, found, 0);
        return found;
    }

    private static void Walk(string folder, string[] parts, int at, List<string> found, int depth)
    {
        if (found.Count >= MaxFiles || depth > MaxDepth || at >= parts.Length) return;
        var part = parts[at];
        var last = at == parts.Length - 1;
        if (part == "**")
        {
            Walk(folder, parts, at + 1, found, depth);
            foreach (var child in Folders(folder)) Walk(child, parts, at, found, depth + 1);
        }
        else if (part.AsSpan().IndexOfAny('*', '?') < 0)
        {
            var path = Path.Combine(folder, part);
            if (!last) Walk(path, parts, at + 1, found, depth);
            else if (File.Exists(path)) found.Add(path);
        }
        else if (last)
        {
            foreach (var file in Entries(folder, part, directories: false))
            {
                if (found.Count >= MaxFiles) return;
                if (!found.Contains(file)) found.Add(file);
            }
        }
        else
        {
            foreach (var child in Entries(folder, part, directories: true)) Walk(child, parts, at + 1, found, depth);
        }
    }

    private static string[] Folders(string folder) => Entries(folder, "*", directories: true);

    private static string[] Entries(string folder, string name, bool directories)
    {
        try
        {
            var all = directories ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFiles(folder);
            // Links to folders are not followed: they may lead in a circle.
            return [.. all.Where(p => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(p), ignoreCase: false)
                && (!directories || new DirectoryInfo(p).LinkTarget is null)).Order(StringComparer.Ordinal).Take(MaxFiles)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
