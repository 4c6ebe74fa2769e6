namespace Beacon.Collectors.Spool;

internal enum AppendStatus
{
    /// <summary>On disk, and will be processed exactly once.</summary>
    Stored,
    /// <summary>The spool's ceiling is reached; try later.</summary>
    Full,
    /// <summary>The disk refused; nothing of the batch was taken.</summary>
    Failed,
    /// <summary>The program is stopping.</summary>
    Stopped,
}

/// <param name="First">Sequence number of the batch's first frame; the others follow it.</param>
internal readonly record struct AppendResult(AppendStatus Status, long First = 0, string? Error = null)
{
    public bool Stored => Status == AppendStatus.Stored;
}
