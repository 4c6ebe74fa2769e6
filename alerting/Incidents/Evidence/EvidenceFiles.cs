using System.Security.Cryptography;
using Beacon.Alerting.Storage;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>
/// The files, each under its SHA-256. What comes in is written beside them under a name of its own, flushed, and only then given its hash as its name, so that
/// a half file never counts.
/// </summary>
internal sealed class EvidenceFiles(IOptions<AlertingOptions> options, TimeProvider time)
{
    /// <summary>What nobody knows and nobody wrote to for so long is left over from a stop.</summary>
    private static readonly TimeSpan LeftOver = TimeSpan.FromHours(1);

    private int _swept;

    /// <summary>Opens a file for what comes in; tests put a full disk here.</summary>
    internal Func<string, Stream> Create { get; set; } = path =>
    {
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, settings);
    };

    public string Folder => options.Value.Evidence.Directory is { Length: > 0 } folder ? folder : throw RefusedException.Invalid("no folder of evidence is set: Alerting:Evidence:Directory");

    private string Incoming => Path.Combine(Folder, "incoming");

    public string PathOf(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower) ? Path.Combine(Folder, sha256) : throw new ArgumentException("a SHA-256 in lower-case hex is wanted", nameof(sha256));

    /// <summary>A file being received: deleted unless it is kept.</summary>
    internal sealed record Received(string Path, string Sha256, long Size) : IDisposable
    {
        public void Dispose() => TryDelete(Path);
    }

    /// <param name="room">Bytes that all evidence may still take.</param>
    public async Task<Received> ReceiveAsync(Stream content, long room, CancellationToken cancellation)
    {
        MakeFolder(Folder);
        MakeFolder(Incoming);
        var path = Path.Combine(Incoming, Guid.NewGuid().ToString("N"));
        var most = options.Value.Evidence.FileBytes;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            var buffer = new byte[128 * 1024];
            var file = Create(path);
            await using (file.ConfigureAwait(false))
            {
                int read;
                while ((read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
                {
                    size += read;
                    if (size > most) throw new RefusedException(new Refusal(RefusalKind.TooLarge, $"a file has at most {most} bytes (Alerting:Evidence:FileBytes); nothing of it was kept"));
                    if (size > room) throw new RefusedException(new Refusal(RefusalKind.TooLarge, $"all evidence together has at most {options.Value.Evidence.TotalBytes} bytes (Alerting:Evidence:TotalBytes); nothing of it was kept"));
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
                await file.FlushAsync(cancellation).ConfigureAwait(false);
                if (file is FileStream disk) disk.Flush(flushToDisk: true);
            }
            return new Received(path, Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        catch (Exception fault)
        {
            TryDelete(path);
            if (fault is IOException io && IsFull(io)) throw new RefusedException(new Refusal(RefusalKind.NoRoom, $"the disk of {Folder} is full: nothing of the file was kept"));
            throw;
        }
    }

    /// <summary>Gives it its name. One of the same content is replaced by itself.</summary>
    public void Keep(Received received) => File.Move(received.Path, PathOf(received.Sha256), overwrite: true);

    public Stream Open(string sha256) => new FileStream(PathOf(sha256), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });

    /// <summary>A nameless file for an export, gone as soon as it is closed.</summary>
    public Stream Scratch()
    {
        MakeFolder(Folder);
        MakeFolder(Incoming);
        return new FileStream(Path.Combine(Incoming, Guid.NewGuid().ToString("N")), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
    }

    public void Delete(string sha256) => TryDelete(PathOf(sha256));

    /// <summary>Once a process: removes what a stop left half, and what was kept and then never recorded.</summary>
    public void SweepOnce(Func<string, bool> isKnown)
    {
        if (Interlocked.Exchange(ref _swept, 1) != 0 || !Directory.Exists(Folder)) return;
        var before = time.GetUtcNow().UtcDateTime - LeftOver;
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles().Where(f => f.Name.Length == 64 && f.LastWriteTimeUtc < before && !isKnown(f.Name))) TryDelete(file.FullName);
        if (!Directory.Exists(Incoming)) return;
        foreach (var file in new DirectoryInfo(Incoming).EnumerateFiles().Where(f => f.LastWriteTimeUtc < before)) TryDelete(file.FullName);
    }

    // ENOSPC and EDQUOT, or Windows' two codes for a full disk.
    internal static bool IsFull(IOException fault) => OperatingSystem.IsWindows() ? (fault.HResult & 0xFFFF) is 0x70 or 0x27 : (fault.HResult & 0xFFFF) is 28 or 122;

    private static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start sweeps it.
        }
    }
}
