using System.Text.Json;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>
/// Follows text files line by line, across renames, truncation and restarts. The position travels with each line into the spool,
/// so that no line is lost or read twice, wherever the program is killed. A last line without its end waits for it.
/// </summary>
internal sealed partial class FileReceiver(FilePositions positions, IStateDatabase state, FileRoots roots) : IReceiver
{
    public const string KindName = "file";
    private const int ReadBytes = 256 * 1024;
    private const int MaxOpenFiles = 1_000;

    private sealed record Settings(IReadOnlyList<string> Paths, bool FromEnd, TimeSpan Poll);

    public string Kind => KindName;

    public IReadOnlyList<SourceFault> Validate(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        foreach (var path in Read(reader).Paths) if (roots.Fault(path) is { } fault) reader.Fault("paths", $"'{path}' {fault}");
        return reader.Finish();
    }

    /// <summary>The first lines of the files that the settings name, for a preview.</summary>
    internal static IReadOnlyList<string> FilesOf(JsonElement settings) =>
        [.. Read(new SettingsReader(settings)).Paths.SelectMany(FilePattern.Expand).Distinct().Take(MaxOpenFiles)];

    public async Task RunAsync(ReceiverContext context, CancellationToken stop)
    {
        var settings = Read(new SettingsReader(context.Source.Settings));
        var open = new Dictionary<(long, long), TailedFile>();
        var run = new TailRun(context, positions, open, new byte[Math.Max(ReadBytes, context.Intake.MaxFrameBytes + 2)]);
        try
        {
            if (settings.FromEnd) await SkipExistingAsync(context, settings, stop).ConfigureAwait(false);
            using var timer = new PeriodicTimer(settings.Poll, context.Time);
            do
            {
                context.Warning = null;
                Look(context, settings, open);
                context.SetConnections(open.Count);
                if (!context.Running) context.Started(string.Join(", ", settings.Paths));
                foreach (var file in open.Values.ToList())
                {
                    if (await run.ReadAsync(file, stop).ConfigureAwait(false)) continue;
                    open.Remove((file.Device, file.Inode));
                    file.Dispose();
                }
                await ForgetGoneAsync(context, open, stop).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            foreach (var file in open.Values) file.Dispose();
            context.SetConnections(0);
        }
    }

    private void Look(ReceiverContext context, Settings settings, Dictionary<(long, long), TailedFile> open)
    {
        var here = new HashSet<(long, long)>();
        foreach (var path in settings.Paths.SelectMany(FilePattern.Expand))
        {
            if (!roots.Allows(path) || FileIdentity.Of(path) is not { } id || !here.Add(id)) continue;
            if (open.TryGetValue(id, out var known))
            {
                known.Renamed(path);
                known.IdleWhileGone = 0;
                continue;
            }
            if (open.Count >= MaxOpenFiles)
            {
                context.Warning = $"more than {MaxOpenFiles} files match; the others wait";
                break;
            }
            try
            {
                var file = new TailedFile(path, id.Device, id.Inode);
                file.Resume(positions.Find(context.Source.Id, id.Device, id.Inode));
                open[id] = file;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                context.Warning = Phrase.Plain(fault.Message);
                CannotOpen(context.Log, path, fault.Message);
            }
        }
        foreach (var (id, file) in open) if (!here.Contains(id)) file.IdleWhileGone++;
    }

    /// <summary>Notes the end of files that are there when the source is first read; durable before the first line is, so that a restart agrees.</summary>
    private async Task SkipExistingAsync(ReceiverContext context, Settings settings, CancellationToken cancellation)
    {
        if (positions.Of(context.Source.Id).Count > 0) return;
        var ends = new Dictionary<(string, long, long), FilePosition>();
        foreach (var path in settings.Paths.SelectMany(FilePattern.Expand))
        {
            if (FileIdentity.Of(path) is not { } id) continue;
            using var file = new TailedFile(path, id.Device, id.Inode);
            file.CheckTruncation();
            file.Position = file.Length;
            ends[(context.Source.Id, id.Device, id.Inode)] = file.ToPosition();
        }
        await state.WriteAsync(tx => { FilePositions.Write(tx, ends); return 0; }, cancellation).ConfigureAwait(false);
        foreach (var ((source, _, _), position) in ends) positions.Note(source, position);
    }

    private async Task ForgetGoneAsync(ReceiverContext context, Dictionary<(long, long), TailedFile> open, CancellationToken cancellation)
    {
        var known = positions.Of(context.Source.Id);
        if (known.Count <= FilePositions.MaxPerSource) return;
        var gone = known.Where(p => !open.ContainsKey((p.Device, p.Inode)) && !File.Exists(p.Path)).ToList();
        if (gone.Count > 0) await state.WriteAsync(tx => { positions.Forget(tx, context.Source.Id, gone); return 0; }, cancellation).ConfigureAwait(false);
    }

    private static Settings Read(SettingsReader reader)
    {
        var paths = reader.Texts("paths", 100, 4_096);
        foreach (var path in paths) if (FilePattern.Fault(path) is { } fault) reader.Fault("paths", $"'{path}' {fault}");
        return new Settings(paths, reader.Choice("start", "beginning", "beginning", "end") == "end",
            TimeSpan.FromMilliseconds(reader.Integer("poll_milliseconds", 500, 50, 60_000)));
    }

    [LoggerMessage(1053, LogLevel.Warning, "The file {Path} cannot be opened: {Reason}")]
    private static partial void CannotOpen(ILogger log, string path, string reason);
}
