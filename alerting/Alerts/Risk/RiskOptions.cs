using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Alerts.Risk;

/// <summary>Settings of entity risk, "Alerting:Risk".</summary>
public sealed class RiskOptions
{
    /// <summary>Time in which risk fades by half. 1 hour to 30 days, default 24 hours.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromHours(24);
}
