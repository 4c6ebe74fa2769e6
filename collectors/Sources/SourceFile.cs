namespace Beacon.Collectors.Sources;

/// <summary>A file that a source reads, as it is now.</summary>
/// <param name="Fault">Why it can't be read, or null.</param>
public sealed record SourceFile(string Path, long Bytes, DateTimeOffset Written, string? Fault);
