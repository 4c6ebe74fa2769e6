using System.Globalization;
using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Audit.Verification;

/// <summary>
/// A file beside the database into which the heads of the chains are written as they grow: that the end of a chain was cut off, the chain itself cannot
/// show. Its lines are chained too: "instant chain sequence hash line-hash", separated by tabs. Whoever may write to the folder can write it anew: keep a copy
/// where others can't.
/// </summary>
internal sealed class Anchors(string path)
{
    /// <summary>A file of this size becomes the old one, and a new one begins with every head. Bytes.</summary>
    public const long MostBytes = 32 * 1024 * 1024;

    private const int MostLine = 4_000;

    public string File => path;

    public bool IsFull => new FileInfo(path) is { Exists: true, Length: >= MostBytes };

    /// <summary>Puts the file aside; the one put aside before is gone.</summary>
    public void Begin() => System.IO.File.Move(path, path + ".old", overwrite: true);

    public void Append(DateTimeOffset at, IReadOnlyCollection<ChainHead> heads)
    {
        if (heads.Count == 0) return;
        var last = Last();
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Seek(0, SeekOrigin.End);
        // A line that a stop left half is ended, and stands as one that can't be read.
        var text = new StringBuilder(EndsWithLine(file) ? "" : "\n");
        foreach (var head in heads)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\t{head.Chain}\t{head.Sequence}\t{head.Hash}");
            last = HashChain.Next(last, line);
            text.Append(line).Append('\t').Append(last).Append('\n');
        }
        file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        file.Flush(flushToDisk: true);
    }

    /// <summary>The latest anchor of each chain, and the first line that does not follow, or null.</summary>
    public (IReadOnlyDictionary<string, ChainHead> Heads, long Lines, Phrase? Fault) Read()
    {
        var heads = new Dictionary<string, ChainHead>();
        long lines = 0;
        Phrase? fault = null;
        foreach (var file in new[] { path + ".old", path }.Where(System.IO.File.Exists))
        {
            var previous = HashChain.Origin;
            long line = 0;
            var half = false;
            foreach (var text in System.IO.File.ReadLines(file))
            {
                line++;
                // Half a line that a stop left is no forgery: the next one follows what stood before it.
                half = text.Count(c => c == '\t') < 4;
                if (half) continue;
                if (text.Length > MostLine || Parse(text, previous) is not { } read)
                {
                    fault ??= $"line {line} of {Path.GetFileName(file)} was changed, or one before it removed";
                    break;
                }
                heads[read.Head.Chain] = read.Head;
                previous = read.Line;
                lines++;
            }
            if (half && EndsWithLine(file)) fault ??= $"the last line of {Path.GetFileName(file)} was changed";
        }
        return (heads, lines, fault);
    }

    private static (ChainHead Head, string Line)? Parse(string text, string previous)
    {
        var end = text.LastIndexOf('\t');
        var parts = text.Split('\t');
        return parts.Length == 5 && parts[4] == HashChain.Next(previous, text[..end]) && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (new ChainHead(parts[1], sequence, parts[3]), parts[4]) : null;
    }

    private string Last()
    {
        if (!System.IO.File.Exists(path)) return HashChain.Origin;
        return System.IO.File.ReadLines(path).LastOrDefault(l => l.Count(c => c == '\t') == 4) is { } line ? line[(line.LastIndexOf('\t') + 1)..] : HashChain.Origin;
    }

    private static bool EndsWithLine(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        return EndsWithLine(file);
    }

    private static bool EndsWithLine(FileStream file)
    {
        if (file.Length == 0) return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
