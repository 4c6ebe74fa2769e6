using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Spool;

internal static partial class SpoolLog
{
    [LoggerMessage(1001, LogLevel.Error, "The spool could not be written ({Reason}): {Frames} frames were refused to their senders")]
    public static partial void WriteFailed(ILogger log, string reason, int frames);

    [LoggerMessage(1002, LogLevel.Error, "The spool segment {Path} could not be reopened: {Reason}")]
    public static partial void ReopenFailed(ILogger log, string path, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "The spool segment {Path} is done with but could not be deleted: {Reason}")]
    public static partial void DeleteFailed(ILogger log, string path, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "The spool's end was torn: {Bytes} bytes after frame {Sequence} were cut off and kept in {Copy}")]
    public static partial void TornTail(ILogger log, long bytes, long sequence, string copy);

    [LoggerMessage(1005, LogLevel.Error, "The spool is damaged: frames {From} to {To} cannot be read ({Reason}); they are counted as dropped")]
    public static partial void Damaged(ILogger log, long from, long to, string reason);

    [LoggerMessage(1006, LogLevel.Error, "The spool ends at frame {Tail} although frame {Done} was processed before: its files were removed; numbering goes on after {Done}")]
    public static partial void Behind(ILogger log, long tail, long done);
}
