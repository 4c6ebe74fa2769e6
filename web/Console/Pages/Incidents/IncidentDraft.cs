using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>A field of an incident that people change.</summary>
public enum IncidentField
{
    Title,
    Severity,
    Status,
    Owner,
}

/// <summary>One field that two people set otherwise: what stands now, and what this person wants.</summary>
internal sealed record FieldConflict(IncidentField Field, string Now, string Mine);

/// <summary>
/// What a person is about to change of an incident, while others may be changing it too. As the incident moves on, what the person left
/// alone follows it; what both changed is kept as a conflict until the person decides. Nothing that was typed is lost.
/// </summary>
internal sealed class IncidentDraft
{
    private readonly Dictionary<IncidentField, string> _seen, _mine;
    private Dictionary<IncidentField, string> _now;

    public IncidentDraft(IncidentSummary incident)
    {
        Version = incident.Version;
        _seen = Values(incident);
        _mine = new(_seen);
        _now = new(_seen);
    }

    /// <summary>The version that the changes are made on.</summary>
    public int Version { get; private set; }

    public string Reason { get; set; } = "";

    public string this[IncidentField field]
    {
        get => _mine[field];
        set => _mine[field] = value;
    }

    /// <summary>Fields that this person changed.</summary>
    public IReadOnlyList<IncidentField> Changed => [.. Enum.GetValues<IncidentField>().Where(f => _mine[f].Trim() != _now[f])];

    /// <summary>Fields that both changed, and not to the same.</summary>
    public IReadOnlyList<FieldConflict> Conflicts =>
        [.. Enum.GetValues<IncidentField>().Where(f => _now[f] != _seen[f] && _mine[f] != _seen[f] && _mine[f].Trim() != _now[f]).Select(f => new FieldConflict(f, _now[f], _mine[f]))];

    /// <summary>Another severity and closing want a reason.</summary>
    public bool ReasonWanted => Changed.Contains(IncidentField.Severity) || (Changed.Contains(IncidentField.Status) && _mine[IncidentField.Status] == nameof(IncidentStatus.Closed));

    public bool Ready => Changed.Count > 0 && Conflicts.Count == 0 && _mine[IncidentField.Title].Trim().Length > 0 && (!ReasonWanted || Reason.Trim().Length > 0);

    /// <summary>The incident changed, by whomever.</summary>
    public void Follow(IncidentSummary incident)
    {
        if (incident.Version < Version) return;
        _now = Values(incident);
        Version = incident.Version;
        foreach (var field in Enum.GetValues<IncidentField>())
            if (_mine[field] == _seen[field]) _seen[field] = _mine[field] = _now[field];
    }

    /// <summary>This person's value shall stand, knowing the other one.</summary>
    public void Keep(IncidentField field) => _seen[field] = _now[field];

    /// <summary>The other person's value shall stand.</summary>
    public void Take(IncidentField field) => _seen[field] = _mine[field] = _now[field];

    /// <summary>Only what this person changed: all else stays as others have it.</summary>
    public IncidentEdit Edit()
    {
        var changed = Changed;
        return new IncidentEdit
        {
            Title = changed.Contains(IncidentField.Title) ? _mine[IncidentField.Title].Trim() : null,
            Severity = changed.Contains(IncidentField.Severity) ? Enum.Parse<Severity>(_mine[IncidentField.Severity]) : null,
            Status = changed.Contains(IncidentField.Status) ? Enum.Parse<IncidentStatus>(_mine[IncidentField.Status]) : null,
            Owner = changed.Contains(IncidentField.Owner) ? _mine[IncidentField.Owner].Trim() : null,
        };
    }

    private static Dictionary<IncidentField, string> Values(IncidentSummary i) => new()
    {
        [IncidentField.Title] = i.Title, [IncidentField.Severity] = i.Severity.ToString(), [IncidentField.Status] = i.Status.ToString(), [IncidentField.Owner] = i.Owner ?? "",
    };
}
