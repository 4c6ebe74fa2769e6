using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Beacon.Collectors.Spool;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>What tells one file from another when names change: device and inode, and a checksum of its first bytes.</summary>
internal static class FileIdentity
{
    /// <summary>First bytes that are compared at most.</summary>
    public const int FingerprintBytes = 256;

    /// <summary>Device and inode of a path; where the system has none, a number made of the path.</summary>
    public static (long Device, long Inode)? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> result = stackalloc byte[256];
            const int currentDirectory = -100, inodeAndMore = 0x7FF;
            try
            {
                if (Statx(currentDirectory, path, 0, inodeAndMore, ref MemoryMarshal.GetReference(result)) != 0) return null;
                var device = ((long)BinaryPrimitives.ReadUInt32LittleEndian(result[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(result[140..]);
                return (device, BinaryPrimitives.ReadInt64LittleEndian(result[32..]));
            }
            catch (EntryPointNotFoundException)
            {
                // An old C library: the path must do.
            }
        }
        if (!File.Exists(path)) return null;
        var bytes = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path)));
        return (0, BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    public static long Fingerprint(ReadOnlySpan<byte> first) => ((long)SpoolFormat.Crc(first) << 32) | (uint)first.Length;

    [DllImport("libc", EntryPoint = "statx", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte result);
}
