using System.Globalization;

namespace Beacon.Collectors.Spool;

/// <summary>One file of the spool. Its name is the sequence number of its first record.</summary>
/// <param name="Length">Bytes that are on disk for good.</param>
internal sealed record SpoolSegment(string Path, long First, long Length)
{
    public static string NameOf(long first) => first.ToString("D20", CultureInfo.InvariantCulture) + ".seg";

    public static bool TryParse(string path, out long first) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out first) && first > 0;
}
