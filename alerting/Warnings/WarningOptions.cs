using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Warnings;

/// <summary>Settings of warnings, "Alerting:Warnings".</summary>
public sealed class WarningOptions
{
    /// <summary>A medium alert of an attack's first stages (reconnaissance, initial access, discovery, credential access) on an important asset opens an incident, and so a warning. Default true.</summary>
    public bool Early { get; set; } = true;

    /// <summary>On whose authority warnings are issued ("Security operations centre of …"); stands in every new warning. At most 200 characters, default none.</summary>
    [StringLength(200)]
    public string Authority { get; set; } = "";

    /// <summary>Assets listed as exposed and not hit yet, those that share most first. 0 to 500, default 50.</summary>
    [Range(0, 500)]
    public int ExposedAssets { get; set; } = 50;

    /// <summary>How far back accounts are followed to the assets that they were seen on. 1 hour to 365 days, default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan CredentialHistory { get; set; } = TimeSpan.FromDays(30);
}
