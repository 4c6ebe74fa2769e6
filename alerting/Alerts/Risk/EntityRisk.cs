using Beacon.Events;

namespace Beacon.Alerting.Alerts.Risk;

/// <summary>How much has gathered about one host, user or address: alerts add up, and fade by half in each half-life.</summary>
/// <param name="Key">The entity under all its names ("asset:plc-ps3-01", "user:svc-backup").</param>
/// <param name="Points">As of now.</param>
/// <param name="Contributions">Greatest first, as of now; at most 50.</param>
public sealed record EntityRisk(
    string Key, Entity Entity, string? AssetId, string? AssetName, AssetImportance Importance, double Points, DateTimeOffset LastRise, IReadOnlyList<RiskContribution> Contributions);

/// <summary>What one alert adds.</summary>
/// <param name="Points">As of now.</param>
/// <param name="Given">When it was given; it fades since.</param>
public sealed record RiskContribution(long AlertId, string RuleTitle, Severity Severity, double Points, double Given, DateTimeOffset At);

public interface IRiskService
{
    /// <summary>The riskiest first.</summary>
    /// <param name="limit">1 to 200.</param>
    Task<IReadOnlyList<EntityRisk>> TopAsync(int limit = 20, CancellationToken cancellation = default);

    /// <summary>One entity by any of its names; null where nothing has gathered about it.</summary>
    Task<EntityRisk?> FindAsync(Entity entity, CancellationToken cancellation = default);
}
