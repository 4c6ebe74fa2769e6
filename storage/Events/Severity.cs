namespace Beacon.Events;

/// <summary>How bad what a rule found would be, in Sigma's words (Sigma specification, "level").</summary>
public enum Severity
{
    Informational,
    Low,
    Medium,
    High,
    Critical,
}
