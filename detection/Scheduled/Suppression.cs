namespace Beacon.Detections.Scheduled;

/// <summary>After a detection, further ones of the same key are counted and not raised.</summary>
/// <param name="Span">1 second to 30 days, from the detection's time.</param>
/// <param name="By">What makes the key: names of the detection's facts or fields of its event; empty for its entity.</param>
public sealed record Suppression(TimeSpan Span, IReadOnlyList<string> By);
