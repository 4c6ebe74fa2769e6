namespace Beacon.Detections.Rules.Stages;

/// <summary>Where a rule stands on its way from an idea to alerts and out of service again.</summary>
public enum RuleStage
{
    /// <summary>Kept, and not evaluated.</summary>
    Draft,
    /// <summary>Evaluated on demand alone: over its cases, and over stored events.</summary>
    Test,
    /// <summary>Evaluated as a live rule is; what it finds is counted and raises nothing.</summary>
    Staged,
    /// <summary>What it finds raises alerts.</summary>
    Live,
    /// <summary>Not evaluated; kept with its history.</summary>
    Retired,
}
