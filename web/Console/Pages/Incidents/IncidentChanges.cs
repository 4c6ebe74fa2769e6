using System.Globalization;
using Beacon.Alerting.Changes;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Which changes an incident's page must load again for.</summary>
internal static class IncidentChanges
{
    /// <summary>True for an empty list, which means: load afresh.</summary>
    public static bool Concern(IReadOnlyList<Change> changes, long incident, long? warning)
    {
        var id = incident.ToString(CultureInfo.InvariantCulture);
        return changes.Count == 0 || changes.Any(c => c.Kind switch
        {
            ChangeKind.Incident => c.Id == id,
            ChangeKind.Warning => warning is not { } w || c.Id == w.ToString(CultureInfo.InvariantCulture),
            ChangeKind.Playbook => c.Payload.Contains($"\"incidentId\":{id},", StringComparison.Ordinal) || c.Payload.Contains($"\"incidentId\":{id}}}", StringComparison.Ordinal),
            _ => false,
        });
    }
}
