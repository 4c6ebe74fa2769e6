using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>Reads the new lines of followed files into the spool.</summary>
internal sealed partial class TailRun(ReceiverContext context, FilePositions positions, Dictionary<(long, long), TailedFile> open, byte[] buffer)
{
    /// <summary>Looks after which a file that left its place is closed: its writer may still hold it for a moment.</summary>
    private const int LooksWhileGone = 4;

    /// <summary>Bytes of one file before the others have their turn.</summary>
    private const long TurnBytes = 64 * 1024 * 1024;

    private readonly FrameBatch _batch = context.Intake.NewBatch(context.Source.Id);

    /// <returns>False where the file is gone and read to its end.</returns>
    public async Task<bool> ReadAsync(TailedFile file, CancellationToken stop)
    {
        try
        {
            if (file.CheckTruncation()) Truncated(context.Log, file.Path);
            var started = file.Position;
            while (file.Position - started < TurnBytes)
            {
                var n = file.Read(buffer);
                var end = Cut(file, n, out var frames);
                if (frames > 0 && !await context.Intake.AppendSurelyAsync(_batch, context.Time, stop).ConfigureAwait(false)) return true;
                _batch.Clear();
                if (end == file.Position) return await IsStillFollowedAsync(file, n, stop).ConfigureAwait(false);
                file.Position = end;
                file.IdleWhileGone = Math.Min(file.IdleWhileGone, 1);
                positions.Note(context.Source.Id, file.ToPosition());
            }
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _batch.Clear();
            context.Warning = Phrase.Plain(fault.Message);
            CannotRead(context.Log, file.Path, fault.Message);
            return false;
        }
    }

    /// <summary>Adds the whole lines of what was read to the batch.</summary>
    /// <returns>Position behind the last of them.</returns>
    private long Cut(TailedFile file, int n, out int frames)
    {
        frames = 0;
        var at = 0;
        var dropped = 0;
        while (at < n)
        {
            var length = buffer.AsSpan(at, n - at).IndexOf((byte)'\n');
            if (length < 0) break;
            var line = buffer.AsSpan(at, length);
            at += length + 1;
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (file.SkippingLine) file.SkippingLine = false;
            else if (line.IsEmpty) continue;
            else if (_batch.Add(line, file.MetaAt(file.Position + at))) frames++;
            else dropped++;
        }
        if (at == 0 && n == buffer.Length)
        {
            // A line longer than any frame may be: passed over up to its end.
            if (!file.SkippingLine) dropped++;
            file.SkippingLine = true;
            at = n;
        }
        context.Intake.Drop(context.Source.Id, dropped, "frame too long");
        return file.Position + at;
    }

    private async Task<bool> IsStillFollowedAsync(TailedFile file, int rest, CancellationToken stop)
    {
        if (file.IdleWhileGone < LooksWhileGone) return true;
        // Its writer is gone as well: the last line will not get an end any more.
        if (rest > 0 && !file.SkippingLine && _batch.Add(buffer.AsSpan(0, rest), file.MetaAt(file.Position + rest)))
        {
            if (!await context.Intake.AppendSurelyAsync(_batch, context.Time, stop).ConfigureAwait(false)) return true;
            file.Position += rest;
            positions.Note(context.Source.Id, file.ToPosition());
        }
        _batch.Clear();
        return !open.ContainsKey((file.Device, file.Inode));
    }

    [LoggerMessage(1054, LogLevel.Information, "The file {Path} was truncated or written anew; it is read from its beginning")]
    private static partial void Truncated(ILogger log, string path);

    [LoggerMessage(1055, LogLevel.Warning, "The file {Path} cannot be read: {Reason}")]
    private static partial void CannotRead(ILogger log, string path, string reason);
}
