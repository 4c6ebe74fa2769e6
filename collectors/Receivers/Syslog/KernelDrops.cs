using System.Globalization;
using System.Net.Sockets;

namespace Beacon.Collectors.Receivers.Syslog;

/// <summary>Datagrams that Linux dropped because a socket's buffer was full: the last column of /proc/net/udp and udp6. Nothing elsewhere.</summary>
internal sealed class KernelDrops(string? inode)
{
    private long _seen;

    public static KernelDrops Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return new KernelDrops(null);
        var link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{socket.Handle}")).LinkTarget;
        return new KernelDrops(link is not null && link.StartsWith("socket:[", StringComparison.Ordinal) ? link[8..^1] : null);
    }

    /// <summary>Number of datagrams dropped since the last call.</summary>
    public long Take()
    {
        if (inode is null) return 0;
        foreach (var table in (ReadOnlySpan<string>)["/proc/net/udp", "/proc/net/udp6"])
        {
            if (Find(table) is not { } total) continue;
            var more = total - _seen;
            _seen = total;
            // The kernel's counter is 32 bits wide.
            return more >= 0 ? more : more + (1L << 32);
        }
        return 0;
    }

    private long? Find(string table)
    {
        try
        {
            return File.Exists(table) ? Read(File.ReadLines(table), inode!) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static long? Read(IEnumerable<string> lines, string inode)
    {
        foreach (var line in lines)
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 13 && columns[9] == inode && long.TryParse(columns[12], NumberStyles.None, CultureInfo.InvariantCulture, out var drops)) return drops;
        }
        return null;
    }
}
