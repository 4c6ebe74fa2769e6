namespace Beacon.Collectors.Files.Archives;

internal enum ArchiveKind
{
    None,
    Zip,
    Gzip,
    Zstandard,
    Tar,
    /// <summary>An archive of a form that is not read.</summary>
    Other,
}

/// <summary>Recognises archives by their first bytes.</summary>
internal static class ArchiveMagic
{
    public static ArchiveKind Recognise(ReadOnlySpan<byte> head, out string form)
    {
        form = "";
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8)) return ArchiveKind.Zip;
        if (head.Length > 2 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8) return ArchiveKind.Gzip;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || (head.Length > 3 && (head[0] & 0xF0) == 0x50 && head[1..].StartsWith((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18]))) return ArchiveKind.Zstandard;
        if (TarHeader.IsHeader(head)) return ArchiveKind.Tar;
        form = head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz"
            : head.StartsWith("BZh"u8) && head.Length > 4 && head[4] == 0x31 ? "bzip2"
            : head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]) ? "7z"
            : head.StartsWith("Rar!\u001a\u0007"u8) ? "rar"
            : head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]) ? "lz4" : "";
        return form.Length > 0 ? ArchiveKind.Other : ArchiveKind.None;
    }
}
