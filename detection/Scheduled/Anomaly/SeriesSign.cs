namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>What a series is watched for; each sign is judged against its own past.</summary>
public enum SeriesSign
{
    /// <summary>Above the mean of the last dozen points.</summary>
    Rise,
    /// <summary>Below the mean of the last dozen points.</summary>
    Fall,
    /// <summary>Above the mean of the last fifty points.</summary>
    High,
    /// <summary>Below the mean of the last fifty points.</summary>
    Low,
    /// <summary>Above what is usual at this time.</summary>
    AboveUsual,
    /// <summary>Below what is usual at this time.</summary>
    BelowUsual,
    /// <summary>Above what is usual for some points.</summary>
    StaysAbove,
    /// <summary>Below what is usual for some points.</summary>
    StaysBelow,
    /// <summary>Above what is usual for long.</summary>
    DriftsAbove,
    /// <summary>Below what is usual for long.</summary>
    DriftsBelow,
    /// <summary>Scatters more than before.</summary>
    Restless,
    /// <summary>Scatters less than before: a flat line where there was life.</summary>
    Still,
}
