namespace Beacon.Detections.Sigma.Correlations;

/// <summary>What a correlation looks at (Sigma correlation rules specification 2.1, "Correlation type").</summary>
public enum SigmaCorrelationType
{
    /// <summary>event_count: number of events.</summary>
    EventCount,
    /// <summary>value_count: number of different values of a field, or of a combination of fields.</summary>
    ValueCount,
    /// <summary>temporal: number of the listed rules that matched, in any order.</summary>
    Temporal,
    /// <summary>temporal_ordered: number of the listed rules that matched in the order of the list.</summary>
    TemporalOrdered,
    /// <summary>value_sum: sum of a numeric field.</summary>
    ValueSum,
    /// <summary>value_avg: arithmetic mean of a numeric field.</summary>
    ValueAverage,
    /// <summary>value_percentile: the value of a numeric field below which a share of its values lies.</summary>
    ValuePercentile,
    /// <summary>value_median: the middle value of a numeric field.</summary>
    ValueMedian,
}

/// <summary>The names of the types as documents write them.</summary>
public static class SigmaCorrelationTypes
{
    internal static readonly (string Name, SigmaCorrelationType Type)[] All =
    [
        ("event_count", SigmaCorrelationType.EventCount), ("value_count", SigmaCorrelationType.ValueCount),
        ("temporal", SigmaCorrelationType.Temporal), ("temporal_ordered", SigmaCorrelationType.TemporalOrdered),
        ("value_sum", SigmaCorrelationType.ValueSum), ("value_avg", SigmaCorrelationType.ValueAverage),
        ("value_percentile", SigmaCorrelationType.ValuePercentile), ("value_median", SigmaCorrelationType.ValueMedian),
    ];

    /// <summary>"event_count".</summary>
    public static string Name(this SigmaCorrelationType type) => Array.Find(All, t => t.Type == type).Name;

    internal static bool IsTemporal(this SigmaCorrelationType type) => type is SigmaCorrelationType.Temporal or SigmaCorrelationType.TemporalOrdered;

    internal static bool IsNumeric(this SigmaCorrelationType type) =>
        type is SigmaCorrelationType.ValueSum or SigmaCorrelationType.ValueAverage or SigmaCorrelationType.ValuePercentile or SigmaCorrelationType.ValueMedian;
}
