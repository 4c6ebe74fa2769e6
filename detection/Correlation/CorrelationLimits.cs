namespace Beacon.Detections.Correlation;

/// <summary>How much correlations may remember. What exceeds it is dropped, the oldest first, and counted as an eviction of its rule.</summary>
public sealed record CorrelationLimits
{
    public static readonly CorrelationLimits Default = new();

    /// <summary>How far behind the newest event of its group an event may come and still be put in its place.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Groups of one correlation.</summary>
    public int MaxGroups { get; init; } = 100_000;

    /// <summary>Events of one group.</summary>
    public int MaxEntries { get; init; } = 50_000;

    /// <summary>Bytes of all correlations together, as far as they can be estimated.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Events of one group of value_median and value_percentile.</summary>
    public const int MaxSorted = 10_000;

    /// <summary>Longest group or counted value, in UTF-16 units; of a longer one the beginning and a hash are kept.</summary>
    public const int MaxValueLength = 256;

    /// <summary>Values of one field that one event contributes to value_count.</summary>
    public const int MaxValuesPerEvent = 16;

    /// <summary>Events that a detection names.</summary>
    public const int MaxEvidence = 20;

    /// <summary>Correlations above each other.</summary>
    public const int MaxDepth = 8;

    /// <summary>Fields that a correlation hands on to those above it.</summary>
    public const int MaxCarried = 16;
}
