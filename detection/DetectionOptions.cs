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

    /// <summary>Days for which missed windows are made up, 0 to 3,650; older ones are marked as skipped with this setting as the reason. Default 0: all of them.</summary>
    [Range(0, 3_650)]
    public int CatchUpDays { get; set; }

    /// <summary>Days for which the evaluation ledger is kept, 1 to 3,650; events later than that open no revision. Default 90.</summary>
    [Range(1, 3_650)]
    public int LedgerDays { get; set; } = 90;

    /// <summary>Windows claimed at one look, 1 to 10,000; the rest follows at the next. Default 500.</summary>
    [Range(1, 10_000)]
    public int WindowsPerLook { get; set; } = 500;

    /// <summary>Spans of time evaluated at once by a job of this process, 1 to 64; rules that share a span count once. Default 4.</summary>
    [Range(1, 64)]
    public int EvaluationParallelism { get; set; } = 4;

    /// <summary>Seconds that one evaluation may take before it counts as failed, 1 to 3,600. Default 300.</summary>
    [Range(1, 3_600)]
    public int EvaluationTimeoutSeconds { get; set; } = 300;

    /// <summary>Seconds for which a process holds the windows it evaluates, 3 to 3,600; renewed while it lives, and taken over by others once they have passed. Default 60.</summary>
    [Range(3, 3_600)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Seconds between two looks for events that came late, 1 to 3,600. Default 60.</summary>
    [Range(1, 3_600)]
    public int LateLookSeconds { get; set; } = 60;

    /// <summary>Seconds after which windows no longer wait for the data of a node that is not heard of, 5 to 86,400. Its data then counts as late. Default 60.</summary>
    [Range(5, 86_400)]
    public int NodeSilenceSeconds { get; set; } = 60;

    /// <summary>Name of this process's node, 1 to 100 characters: the same after a restart, and different on every node. Default: the machine's name.</summary>
    [Required, StringLength(100)]
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>Folder of indicators, *.csv and STIX bundles (*.json, *.stix); it may be absent. Default: none.</summary>
    public string Indicators { get; set; } = "";

    /// <summary>File with the values of placeholders in rules, name: [values]; it may be absent. Default: none.</summary>
    public string PlaceholdersFile { get; set; } = "";

    /// <summary>Seconds that an event may lie behind the newest of its group and still be put in its place by a correlation, 0 to 86,400. Default 60.</summary>
    [Range(0, 86_400)]
    public int CorrelationLatenessSeconds { get; set; } = 60;

    /// <summary>Mebibytes that correlations may remember, 1 to 65,536; beyond it the oldest is forgotten and counted. Default 256.</summary>
    [Range(1, 65_536)]
    public int CorrelationMegabytes { get; set; } = 256;
}
