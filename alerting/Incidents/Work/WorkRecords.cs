using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

/// <summary>A comment as it stands; earlier versions are kept.</summary>
/// <param name="Version">From 1; each edit adds one.</param>
/// <param name="At">When this version was written.</param>
public sealed record IncidentComment(long Id, int Version, string Author, string Text, DateTimeOffset At);

public enum IncidentLinkKind
{
    Related,
    /// <summary>Both tell of the same attack.</summary>
    Duplicate,
    /// <summary>The other one led to this.</summary>
    CausedBy,
    /// <summary>This one led to the other.</summary>
    Caused,
    /// <summary>One was merged into the other.</summary>
    Merged,
    /// <summary>One was split from the other.</summary>
    Split,
}

/// <summary>Another incident tied to one, as seen from it.</summary>
public sealed record RelatedIncident(long IncidentId, string Number, string Title, IncidentStatus Status, IncidentLinkKind Kind, string Reason, string LinkedBy, DateTimeOffset At);

/// <summary>An incident passed from one person to another: the receiver owns it as soon as the receiver acknowledges.</summary>
/// <param name="Tasks">Tasks that were open then.</param>
/// <param name="Waits">What waited then: playbook steps, warnings to sign, reports that are due.</param>
/// <param name="AcknowledgedAt">Null while it waits for the receiver.</param>
public sealed record HandOver(
    long Id, string From, string To, string Note, IReadOnlyList<string> Tasks, IReadOnlyList<string> Waits, DateTimeOffset At, DateTimeOffset? AcknowledgedAt, string Acknowledgement);

/// <summary>An entity that a person took out; alerts don't bring it back.</summary>
public sealed record RemovedEntity(Entity Entity, string RemovedBy, DateTimeOffset RemovedAt, string Reason);

/// <summary>What is to change about a task; what is null stays.</summary>
/// <param name="Assignee">"" for nobody.</param>
/// <param name="Due"><see cref="DateTimeOffset.MinValue"/> for no time.</param>
public sealed record TaskEdit(string? Text = null, string? Assignee = null, DateTimeOffset? Due = null);
