using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Settings of evidence, "Alerting:Evidence".</summary>
public sealed class EvidenceOptions
{
    /// <summary>Folder of the files, each under its SHA-256. Default: "evidence" in the data folder; processes that share a state name one that all of them reach.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Largest file, bytes. 1 KiB to 64 GiB, default 1 GiB.</summary>
    [Range(1_024L, 64L * 1_024 * 1_024 * 1_024)]
    public long FileBytes { get; set; } = 1_024L * 1_024 * 1_024;

    /// <summary>All files together, bytes. 1 KiB to 16 TiB, default 20 GiB.</summary>
    [Range(1_024L, 16L * 1_024 * 1_024 * 1_024 * 1_024)]
    public long TotalBytes { get; set; } = 20L * 1_024 * 1_024 * 1_024;

    /// <summary>Pieces of evidence an incident has at most. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int PerIncident { get; set; } = 1_000;
}
