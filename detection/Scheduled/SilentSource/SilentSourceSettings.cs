namespace Beacon.Detections.Scheduled.SilentSource;

/// <param name="Factor">Silence in multiples of the source's learned interval, 1 to 1,000.</param>
/// <param name="AtLeast">Shortest silence that counts, 1 second to 7 days.</param>
/// <param name="Sources">Ids or names of sources, '*' and '?' allowed; empty for all.</param>
internal sealed record SilentSourceSettings(double Factor, TimeSpan AtLeast, IReadOnlyList<string> Sources);
