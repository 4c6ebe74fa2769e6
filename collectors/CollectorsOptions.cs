using System.ComponentModel.DataAnnotations;

namespace Beacon.Collectors;

/// <summary>Settings of the collectors; bound from the configuration section <see cref="Section"/> and checked at start.</summary>
public sealed class CollectorsOptions
{
    public const string Section = "Collectors";

    /// <summary>Folder of the spool's segments. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string SpoolDirectory { get; set; } = "";

    /// <summary>Size at which a spool segment is closed, in bytes; 64 KiB to 1 GiB, default 64 MiB.</summary>
    [Range(64 * 1024, 1024L * 1024 * 1024)]
    public long SpoolSegmentBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Ceiling of the spool on disk, in bytes; 1 MiB to 1 TiB, default 4 GiB. A full spool slows senders down or refuses their frames.</summary>
    [Range(1024L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long SpoolMaxBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Longest frame, in bytes; 1 KiB to 4 MiB, default 1 MiB. A longer one is counted as dropped, or refused where the transport can say so.</summary>
    [Range(1024, 4 * 1024 * 1024)]
    public int MaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>Address of the syslog inputs made at the first start; default loopback.</summary>
    [Required(AllowEmptyStrings = false)]
    public string SyslogAddress { get; set; } = "127.0.0.1";

    /// <summary>Port (UDP and TCP) of the syslog inputs made at the first start; 0 (any free one) to 65535, default 5514.</summary>
    [Range(0, 65_535)]
    public int SyslogPort { get; set; } = 5514;

    /// <summary>Folders beneath which sources may read files, links resolved; none, the default, for every file that the process may read.</summary>
    public IList<string> FileRoots { get; } = [];

    /// <summary>Events per store commit at most; 1 to 100,000, default 10,000.</summary>
    [Range(1, 100_000)]
    public int StoreBatchEvents { get; set; } = 10_000;

    /// <summary>Longest wait before events are committed to the store, in milliseconds; 10 to 60,000, default 1,000.</summary>
    [Range(10, 60_000)]
    public int StoreBatchMilliseconds { get; set; } = 1_000;

    /// <summary>Frames kept in quarantine; 0 to 10,000,000, default 100,000. Beyond it an unreadable frame is counted as dropped.</summary>
    [Range(0, 10_000_000)]
    public int QuarantineMaxFrames { get; set; } = 100_000;

    /// <summary>Bytes kept in quarantine; 0 to 64 GiB, default 256 MiB.</summary>
    [Range(0, 64L * 1024 * 1024 * 1024)]
    public long QuarantineMaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Largest HTTP request, in bytes, after decompression; 1 KiB to 1 GiB, default 100 MiB.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long HttpMaxBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>Document ids remembered so that a repeated bulk request stores nothing twice; 0 to 10,000,000, default 1,000,000 (about 60 MB when full).</summary>
    [Range(0, 10_000_000)]
    public int RememberedIds { get; set; } = 1_000_000;

    /// <summary>Days for which the loss ledger keeps minutes; older ones are folded into days. 1 to 400, default 35.</summary>
    [Range(1, 400)]
    public int LedgerMinuteDays { get; set; } = 35;

    /// <summary>IANA time zone of timestamps without one, where the source does not say; default UTC.</summary>
    [Required(AllowEmptyStrings = false)]
    public string TimeZone { get; set; } = "UTC";
}
