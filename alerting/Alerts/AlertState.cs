namespace Beacon.Alerting.Alerts;

/// <summary>The part of an alert that a person changes: what undo brings back.</summary>
internal sealed record AlertState(
    AlertStatus Status, string? Owner, Disposition Disposition, DateTimeOffset? ShelvedUntil, string? ShelvedReason, long? IncidentId, string? IncidentNumber)
{
    public DispositionCause Cause { get; init; }
}
