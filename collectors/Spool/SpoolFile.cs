using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Spool;

/// <summary>The segment that is written to. Only what <see cref="Append"/> returned from counts; a failed write is overwritten by the next.</summary>
internal sealed class SpoolFile : IDisposable
{
    private SafeFileHandle _handle;
    private bool _suspect;

    private SpoolFile(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        _handle = handle;
        Length = length;
    }

    public string Path { get; }
    public long Length { get; private set; }

    public static SpoolFile Create(string directory, ulong identity, long first)
    {
        var path = System.IO.Path.Combine(directory, SpoolSegment.NameOf(first));
        var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var header = new byte[SpoolFormat.SegmentHeader];
            SpoolFormat.WriteSegmentHeader(header, identity, first);
            RandomAccess.Write(handle, header, 0);
            RandomAccess.FlushToDisk(handle);
            FlushDirectory(directory);
            return new SpoolFile(path, handle, header.Length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a segment for further records behind a length, cutting off what follows it.</summary>
    public static SpoolFile Open(string path, long length)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(handle) > length)
        {
            RandomAccess.SetLength(handle, length);
            RandomAccess.FlushToDisk(handle);
        }
        return new SpoolFile(path, handle, length);
    }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (_suspect) Reopen();
        RandomAccess.Write(_handle, bytes.Span, Length);
        RandomAccess.FlushToDisk(_handle);
        Length += bytes.Length;
    }

    /// <summary>After a failed write: what may have reached the disk is cut off, now or before the next write.</summary>
    public void Rewind(ILogger log)
    {
        _suspect = true;
        try
        {
            Reopen();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            SpoolLog.ReopenFailed(log, Path, fault.Message);
        }
    }

    private void Reopen()
    {
        // After a failed fsync the kernel may have dropped the pages and report success next time: a fresh handle, cut to what is known to be there.
        var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            RandomAccess.SetLength(handle, Length);
            RandomAccess.FlushToDisk(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
        _handle.Dispose();
        _handle = handle;
        _suspect = false;
    }

    public static void TryDelete(string path, ILogger log)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            SpoolLog.DeleteFailed(log, path, fault.Message);
        }
    }

    /// <summary>Makes a new file's name durable; a no-op where the system has no such call.</summary>
    public static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var handle = new SafeFileHandle(Open(directory, 0x10000 /* O_DIRECTORY */), ownsHandle: true);
        if (!handle.IsInvalid) _ = Fsync(handle.DangerousGetHandle());
    }

    public void Dispose() => _handle.Dispose();

    [DllImport("libc", EntryPoint = "open", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(nint descriptor);
}
