using System.Text;

namespace Beacon.Collectors.Files.Archives;

/// <summary>One 512-byte header of a tar archive (POSIX ustar, with GNU's large sizes).</summary>
internal readonly record struct TarHeader(string Name, long Size, char Type, DateTimeOffset Modified)
{
    public const int Length = 512;

    private const int ChecksumAt = 148;

    /// <summary>A header whose checksum is right: text that looks like one does not come by chance.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < Length || !TryNumber(block.Slice(ChecksumAt, 8), out var stated)) return false;
        // The checksum counts its own field as blanks.
        long sum = 8 * ' ';
        for (var i = 0; i < Length; i++)
            if (i is < ChecksumAt or >= ChecksumAt + 8) sum += block[i];
        return sum == stated && block[0] != 0;
    }

    public static bool TryRead(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = default;
        if (!IsHeader(block) || !TryNumber(block.Slice(124, 12), out var size) || size < 0) return false;
        var name = Text(block[..100]);
        if (block.Slice(257, 5).SequenceEqual("ustar"u8) && block[345] != 0 && block[263] != ' ') name = Text(block.Slice(345, 155)) + "/" + name;
        TryNumber(block.Slice(136, 12), out var seconds);
        header = new TarHeader(name, size, (char)block[156], seconds is >= 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch);
        return true;
    }

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Octal digits, or GNU's binary form, whose first bit is set.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            for (var i = 1; i < field.Length; i++)
            {
                if (value >> 55 != 0) return false;
                value = (value << 8) | field[i];
            }
            return true;
        }
        var digits = field.Trim(" \0"u8);
        if (digits.Length > 20) return false;
        foreach (var b in digits)
        {
            if (b is < (byte)'0' or > (byte)'7') return false;
            value = (value << 3) | (uint)(b - '0');
        }
        return !digits.IsEmpty;
    }
}
