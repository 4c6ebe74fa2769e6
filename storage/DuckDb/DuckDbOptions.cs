using System.ComponentModel.DataAnnotations;

namespace Beacon.Storage.DuckDb;

/// <summary>Settings of the embedded event store (configuration section "Store").</summary>
public sealed class DuckDbOptions
{
    /// <summary>Folder of the day files.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>Days of events kept, by day of ingestion; 1 to 3,650, default 180 (six months, as China's Cybersecurity Law asks of network logs).</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 180;

    /// <summary>Must be true where <see cref="RetentionDays"/> is below 180: the shorter span is meant.</summary>
    public bool ShorterRetentionConfirmed { get; set; }

    /// <summary>Memory that queries and buffers may take, in MiB; 128 to 65,536, default 512.</summary>
    [Range(128, 65_536)]
    public int MemoryMegabytes { get; set; } = 512;

    /// <summary>Threads of one query; 1 to 64, default 2.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = 2;

    /// <summary>Free disk below which appending is refused, in MiB; 16 to 1,048,576, default 256. The spool then holds the frames.</summary>
    [Range(16, 1_048_576)]
    public int MinimumFreeMegabytes { get; set; } = 256;
}
