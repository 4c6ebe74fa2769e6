using System.ComponentModel.DataAnnotations;

namespace Beacon.Detections;

/// <summary>Settings of this room, under "Detection".</summary>
public sealed class DetectionOptions
{
    /// <summary>Folder of the rules that are shipped with the program. Default: rules/ beside the binary.</summary>
    [Required]
    public string ShippedRules { get; set; } = Path.Combine(AppContext.BaseDirectory, "rules");

    /// <summary>Folder of the installation's own rules; made where it is absent. Required.</summary>
    [Required]
    public string UserRules { get; set; } = "";

    /// <summary>Folder of the installation's own processing pipelines (*.yml), which run before the built-in ones; may be absent or empty. Default: none.</summary>
    public string UserPipelines { get; set; } = "";

    /// <summary>Further pipelines: files, folders, or names of shipped ones such as "windows-security-4688". Default: none.</summary>
    public IList<string> Pipelines { get; } = [];

    /// <summary>Seconds between two looks at what scheduled rules have due, 1 to 3,600. Default 1.</summary>
    [Range(1, 3_600)]
    public int EvaluationSeconds { get; set; } = 1;

    /// <summary>Days for which windows missed in a stop are made up, 1 to 90; older ones are marked as skipped. Default 7.</summary>
    [Range(1, 90)]
    public int CatchUpDays { get; set; } = 7;

    /// <summary>Days for which the evaluation ledger is kept, 1 to 3,650. Default 90.</summary>
    [Range(1, 3_650)]
    public int LedgerDays { get; set; } = 90;

    /// <summary>Windows of one rule evaluated at one look, 1 to 10,000; the rest follows at the next. Default 120.</summary>
    [Range(1, 10_000)]
    public int WindowsPerLook { get; set; } = 120;

    /// <summary>File with the values of placeholders in rules, name: [values]; it may be absent. Default: none.</summary>
    public string PlaceholdersFile { get; set; } = "";

    /// <summary>Seconds that an event may lie behind the newest of its group and still be put in its place by a correlation, 0 to 86,400. Default 60.</summary>
    [Range(0, 86_400)]
    public int CorrelationLatenessSeconds { get; set; } = 60;

    /// <summary>Mebibytes that correlations may remember, 1 to 65,536; beyond it the oldest is forgotten and counted. Default 256.</summary>
    [Range(1, 65_536)]
    public int CorrelationMegabytes { get; set; } = 256;
}
