using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Playbooks.Actions.Hunts;

/// <summary>Settings of sigma and elastic steps, section "Alerting:Hunts".</summary>
public sealed class HuntOptions
{
    /// <summary>How far back is searched. 1 minute to 90 days, default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan LookBack { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Time for one search where the step says nothing. 1 second to 1 hour, default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMinutes(5);
}
