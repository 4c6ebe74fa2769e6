using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>Where the response stands, after NIST SP 800-61r3 (functions of the Cybersecurity Framework 2.0).</summary>
public enum IncidentStatus
{
    Detect,
    Respond,
    Recover,
    Closed,
}

/// <summary>One incident as lists and the change feed carry it.</summary>
public sealed record IncidentSummary
{
    public required long Id { get; init; }
    /// <summary>"INC-2026-0031".</summary>
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required string Title { get; init; }
    public required Severity Severity { get; init; }
    public required IncidentStatus Status { get; init; }
    public string? Owner { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public required int AlertCount { get; init; }
    public required int EntityCount { get; init; }
    public long? WarningId { get; init; }
    public string? WarningNumber { get; init; }
    public WarningLevel WarningLevel { get; init; }
    public required int TasksOpen { get; init; }
    public required int TasksDone { get; init; }
    /// <summary>The incident that took this one in; null where none did.</summary>
    public long? MergedInto { get; init; }
}

/// <summary>A host, user or address of an incident.</summary>
/// <param name="Alerts">Alerts of the incident that name it.</param>
/// <param name="Lane">Place in the order of first appearance, from 0: the lanes of "how it got here".</param>
public sealed record IncidentEntity(Entity Entity, string? AssetId, string? AssetName, AssetImportance Importance, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, int Alerts, int Lane);

/// <summary>One arrow of "how it got here": an alert that ties two entities together.</summary>
/// <param name="From">Null where the alert names one entity only.</param>
public sealed record IncidentLink(Entity? From, Entity To, DateTimeOffset Time, string Label, long AlertId);

public enum TimelineKind
{
    Alert,
    Incident,
    Warning,
    Playbook,
    Note,
    Task,
    Comment,
    /// <summary>Evidence was added, moved or removed.</summary>
    Evidence,
    /// <summary>Evidence was looked at, taken out or passed on.</summary>
    Custody,
    HandOver,
    /// <summary>A report was written.</summary>
    Report,
}

/// <summary>One entry of an incident's append-only, hash-chained timeline.</summary>
/// <param name="Sequence">From 1 within the incident, without gaps.</param>
/// <param name="Time">When it happened.</param>
/// <param name="RecordedAt">When it was written.</param>
/// <param name="Reference">"alert:17", "warning:3", "run:…/step", or "".</param>
/// <param name="PreviousHash">64 lower-case hex digits; zeros for the first.</param>
/// <param name="Hash">SHA-256 over the previous hash and the entry's canonical JSON.</param>
public sealed record TimelineEntry(
    long Sequence, DateTimeOffset Time, DateTimeOffset RecordedAt, TimelineKind Kind, string Actor, string Text, string Reference,
    string PreviousHash, string Hash);

/// <param name="FirstBroken">Sequence of the first entry whose hash does not follow; null where all do.</param>
public sealed record ChainVerification(long Checked, long? FirstBroken, string Head)
{
    public bool Intact => FirstBroken is null;
}

public sealed record IncidentTask(long Id, string Text, bool Done, string? Assignee, string CreatedBy, DateTimeOffset CreatedAt, string? DoneBy, DateTimeOffset? DoneAt)
{
    public int Version { get; init; } = 1;
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>What is to change; what is null stays.</summary>
public sealed record IncidentEdit
{
    /// <summary>1 to 200 characters.</summary>
    public string? Title { get; init; }
    public Severity? Severity { get; init; }
    public IncidentStatus? Status { get; init; }
    /// <summary>"" for nobody.</summary>
    public string? Owner { get; init; }
}

public sealed record IncidentDetail
{
    public required IncidentSummary Summary { get; init; }
    /// <summary>Newest evidence first, at most 200.</summary>
    public required IReadOnlyList<AlertSummary> Alerts { get; init; }
    /// <summary>In the order of first appearance, at most 200.</summary>
    public required IReadOnlyList<IncidentEntity> Entities { get; init; }
    public required IReadOnlyList<IncidentLink> Links { get; init; }
    /// <summary>ATT&amp;CK tactics seen, in the order of an attack.</summary>
    public required IReadOnlyList<string> Stages { get; init; }
    public required IReadOnlyList<string> Techniques { get; init; }
    public required IReadOnlyList<IncidentTask> Tasks { get; init; }
    public WarningSummary? Warning { get; init; }
    /// <summary>In the order in which they were begun, at most 200.</summary>
    public IReadOnlyList<IncidentComment> Comments { get; init; } = [];
    /// <summary>Other incidents tied to it, merged and split ones among them.</summary>
    public IReadOnlyList<RelatedIncident> Related { get; init; } = [];
    /// <summary>Newest first, at most 50.</summary>
    public IReadOnlyList<HandOver> HandOvers { get; init; } = [];
    /// <summary>What people said does not belong to it.</summary>
    public IReadOnlyList<RemovedEntity> RemovedEntities { get; init; } = [];
}

public enum IncidentOrder
{
    /// <summary>Newest change first.</summary>
    Updated,
    /// <summary>Newest incident first.</summary>
    Number,
    /// <summary>Gravest first.</summary>
    Severity,
    /// <summary>Highest level first, those without a warning last.</summary>
    Warning,
    /// <summary>As the response goes on, from detecting to closed.</summary>
    Status,
    /// <summary>By name, nobody's last.</summary>
    Owner,
    /// <summary>Most alerts first.</summary>
    Alerts,
}

/// <summary>Something to look for that titles say in other words: they are kept in English and read in the viewer's language.</summary>
/// <param name="Text">Stands in title or number, without case.</param>
/// <param name="Titles">Or the title begins with one of these.</param>
public sealed record IncidentTerm(string Text, IReadOnlyList<string> Titles)
{
    /// <summary>Terms of a query, and titles of a term, that are looked for at most.</summary>
    public const int Most = 10, MostTitles = 1_000;
}

/// <summary>Which incidents, in which order. Parts that are null or empty ask for nothing.</summary>
public sealed record IncidentQuery
{
    public const int MaxLimit = 500;

    /// <summary>Default: all but closed.</summary>
    public IReadOnlyList<IncidentStatus>? Statuses { get; init; }
    /// <summary>Incidents of this person; "" for those of nobody.</summary>
    public string? Owner { get; init; }
    /// <summary>Stands in title or number, without case.</summary>
    public string? Text { get; init; }
    /// <summary>Each of them must be met.</summary>
    public IReadOnlyList<IncidentTerm> Terms { get; init; } = [];
    public IncidentOrder Order { get; init; }
    /// <summary>The order from its end.</summary>
    public bool Reversed { get; init; }
    public int Offset { get; init; }
    /// <summary>1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}

/// <param name="Total">Incidents that the query names, this page or not.</param>
public sealed record IncidentPage(IReadOnlyList<IncidentSummary> Items, long Total);
