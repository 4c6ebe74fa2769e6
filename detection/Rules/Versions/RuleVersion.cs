namespace Beacon.Detections.Rules.Versions;

/// <summary>A text that a rule had, or has.</summary>
/// <param name="Number">From 1, by rule; the newest <see cref="RuleVersions.MaxVersions"/> are kept.</param>
/// <param name="By">Who saved it; empty for a text that was found in a file.</param>
/// <param name="Text">All that was saved together; null in lists.</param>
public sealed record RuleVersion(string RuleId, long Number, DateTimeOffset At, string By, string Reason, string? Text);
