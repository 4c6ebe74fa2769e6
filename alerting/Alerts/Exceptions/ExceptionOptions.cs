using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Settings of exceptions and suppressions, "Alerting:Exceptions".</summary>
public sealed class ExceptionOptions
{
    /// <summary>Newest hidden detections listed for each; all are counted. 10 to 10,000, default 500.</summary>
    [Range(10, 10_000)]
    public int HiddenKept { get; set; } = 500;

    /// <summary>Exceptions and suppressions that stand at once; one more is refused. 10 to 10,000, default 1,000.</summary>
    [Range(10, 10_000)]
    public int MostActive { get; set; } = 1_000;

    /// <summary>How long before its end the owner of an exception is told. 1 hour to 60 days, default 3 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "60.00:00:00")]
    public TimeSpan NoticeBeforeExpiry { get; set; } = TimeSpan.FromDays(3);
}
