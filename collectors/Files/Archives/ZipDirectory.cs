using System.Buffers.Binary;

namespace Beacon.Collectors.Files.Archives;

/// <summary>Looks at the end of a zip file, where it says how many entries it has (APPNOTE 6.3.10, 4.3.14 to 4.3.16).</summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int MaxComment = 65_535;
    private const int LocatorLength = 20;

    /// <summary>Entries as the file states them.</summary>
    /// <exception cref="InvalidDataException">There is no end of a directory: the file was cut off, or is no zip.</exception>
    public static long Count(Stream archive)
    {
        var length = archive.Length;
        var tail = new byte[(int)Math.Min(length, EndLength + MaxComment + LocatorLength)];
        archive.Position = length - tail.Length;
        archive.ReadExactly(tail);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (!end.StartsWith("PK\u0005\u0006"u8)) continue;
            var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            if (count != ushort.MaxValue || at < LocatorLength || !tail.AsSpan(at - LocatorLength).StartsWith("PK\u0006\u0007"u8)) return count;
            var place = BinaryPrimitives.ReadUInt64LittleEndian(tail.AsSpan(at - LocatorLength + 8));
            if (place > (ulong)(length - 56)) break;
            var end64 = new byte[56];
            archive.Position = (long)place;
            archive.ReadExactly(end64);
            return (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(32)));
        }
        throw new InvalidDataException("the zip archive has no directory at its end: it was cut off");
    }
}
