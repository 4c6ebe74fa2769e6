using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Receivers.Tail;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Receivers.Evtx;

/// <summary>
/// Reads the event log files (*.evtx) that are put into a folder, each content once. How many of its records are in the spool travels
/// with them, so that a file is neither skipped nor read twice after a crash.
/// </summary>
internal sealed partial class EvtxReceiver(FilePositions positions, IStateDatabase state, FileRoots roots) : IReceiver
{
    public const string KindName = "evtx";
    private const int BatchBytes = 1024 * 1024;
    private const int MaxFiles = 10_000;

    private sealed record Settings(string Path, TimeSpan Poll);
    private sealed record Seen(long Size, DateTime Modified, bool Done);

    public string Kind => KindName;

    public IReadOnlyList<SourceFault> Validate(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var path = Read(reader).Path;
        if (roots.Fault(path) is { } fault) reader.Fault("path", $"'{path}' {fault}");
        return reader.Finish();
    }

    /// <summary>The files that lie in the folder now.</summary>
    internal static IReadOnlyList<string> FilesOf(JsonElement settings)
    {
        var folder = Read(new SettingsReader(settings)).Path;
        try
        {
            return Directory.Exists(folder) ? [.. FilesIn(folder)] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder, "*.evtx").Order(StringComparer.Ordinal).Take(MaxFiles);

    public async Task RunAsync(ReceiverContext context, CancellationToken stop)
    {
        var settings = Read(new SettingsReader(context.Source.Settings));
        var seen = new Dictionary<string, Seen>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(settings.Poll, context.Time);
        try
        {
            do
            {
                if (!Directory.Exists(settings.Path)) throw new ReceiverException($"the folder {settings.Path} does not exist");
                context.Started(settings.Path);
                foreach (var path in FilesIn(settings.Path).Where(roots.Allows))
                {
                    var info = new FileInfo(path);
                    var now = new Seen(info.Length, info.LastWriteTimeUtc, false);
                    if (!seen.TryGetValue(path, out var before) || before.Size != now.Size || before.Modified != now.Modified)
                    {
                        // It may still be being copied: it is read once it has not changed between two looks.
                        seen[path] = now;
                        continue;
                    }
                    if (before.Done) continue;
                    await ReadFileAsync(path, context, stop).ConfigureAwait(false);
                    seen[path] = before with { Done = true };
                }
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task ReadFileAsync(string path, ReceiverContext context, CancellationToken stop)
    {
        try
        {
            var (device, inode) = await ContentIdAsync(path, stop).ConfigureAwait(false);
            var known = positions.Find(context.Source.Id, device, inode);
            if (known is { Complete: true }) return;
            await ReadRecordsAsync(path, device, inode, known?.Position ?? 0, context, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            context.Warning = $"{Path.GetFileName(path)}: {EvtxHeader.Said(fault)}";
            CannotRead(context.Log, path, fault.Message);
        }
    }

    private async Task ReadRecordsAsync(string path, long device, long inode, long skip, ReceiverContext context, CancellationToken stop)
    {
        using var reader = new EvtxReader(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
            fault => Damaged(context.Log, path, fault.Offset, fault.Reason.ToString()));
        var position = new FilePosition(device, inode, 0, 0, 0, false, path);
        var meta = position.ToMeta();
        var batch = context.Intake.NewBatch(context.Source.Id);
        var json = new ArrayBufferWriter<byte>(4096);
        var e = new SecurityEvent();
        var count = 0L;
        while (reader.TryRead(e))
        {
            if (++count <= skip) continue;
            json.ResetWrittenCount();
            EvtxFrame.Write(e, json);
            FilePosition.Move(meta, count);
            if (!batch.Add(json.WrittenSpan, meta)) context.Intake.Drop(context.Source.Id, 1, "frame too long");
            if (batch.Length < BatchBytes) continue;
            if (!await FlushAsync(batch, position with { Position = count }, context, stop).ConfigureAwait(false)) return;
        }
        if (!await FlushAsync(batch, position with { Position = count }, context, stop).ConfigureAwait(false)) return;
        var done = position with { Position = count, Complete = true };
        await state.WriteAsync(tx =>
        {
            FilePositions.Write(tx, new Dictionary<(string, long, long), FilePosition> { [(context.Source.Id, device, inode)] = done });
            return 0;
        }, stop).ConfigureAwait(false);
        positions.Note(context.Source.Id, done);
        context.Warning = reader.Faults > 0 ? (Phrase)$"{Path.GetFileName(path)}: {reader.Faults} faults" : context.Warning;
        FileRead(context.Log, path, count, reader.Faults);
    }

    private async Task<bool> FlushAsync(FrameBatch batch, FilePosition position, ReceiverContext context, CancellationToken stop)
    {
        if (batch.Count == 0) return true;
        if (!await context.Intake.AppendSurelyAsync(batch, context.Time, stop).ConfigureAwait(false)) return false;
        batch.Clear();
        positions.Note(context.Source.Id, position);
        return true;
    }

    private static async Task<(long, long)> ContentIdAsync(string path, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024, useAsync: true);
        var hash = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        return (BinaryPrimitives.ReadInt64LittleEndian(hash), BinaryPrimitives.ReadInt64LittleEndian(hash.AsSpan(8)));
    }

    private static Settings Read(SettingsReader reader)
    {
        var path = reader.Text("path", "", 4_096);
        if (path.Length == 0 || !Path.IsPathRooted(path)) reader.Fault("path", "must be the absolute path of a folder");
        return new Settings(path, TimeSpan.FromMilliseconds(reader.Integer("poll_milliseconds", 2_000, 50, 600_000)));
    }

    [LoggerMessage(1056, LogLevel.Warning, "The event log {Path} cannot be read: {Reason}")]
    private static partial void CannotRead(ILogger log, string path, string reason);

    [LoggerMessage(1057, LogLevel.Warning, "The event log {Path} is damaged at byte {Offset}: {Reason}")]
    private static partial void Damaged(ILogger log, string path, long offset, string reason);

    [LoggerMessage(1058, LogLevel.Information, "The event log {Path} was read: {Records} records, {Faults} faults")]
    private static partial void FileRead(ILogger log, string path, long records, int faults);
}
