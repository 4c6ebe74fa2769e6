using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>An alert by one of the events it keeps as evidence: its first and its newest <see cref="AlertingOptions.EvidencePerAlert"/>.</summary>
/// <param name="EventId">Id in the event store.</param>
/// <param name="Title">Text from events stands in it: encode it.</param>
public sealed record EventAlert(string EventId, long AlertId, string Number, string Title, Severity Severity, AlertStatus Status, long? IncidentId, string? IncidentNumber)
{
    /// <summary>Events that are asked about at once, and alerts answered, at most.</summary>
    public const int MaxEvents = 200, MaxAlerts = 2_000;
}
