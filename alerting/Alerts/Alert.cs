using Beacon.Events;

namespace Beacon.Alerting.Alerts;

public enum AlertStatus
{
    New,
    Acknowledged,
    /// <summary>It belongs to an incident because a person said so.</summary>
    Escalated,
    Closed,
}

/// <summary>What an alert turned out to be.</summary>
public enum Disposition
{
    Undetermined,
    /// <summary>An attack or a fault, as the rule says.</summary>
    TruePositive,
    /// <summary>The rule saw rightly, and what it saw was allowed (maintenance, a test).</summary>
    Benign,
    /// <summary>The rule was wrong.</summary>
    FalsePositive,
    Duplicate,
    Drill,
}

/// <summary>One alert as lists and the change feed carry it.</summary>
public sealed record AlertSummary
{
    public required long Id { get; init; }
    /// <summary>"A-20931": the id as people say it.</summary>
    public required string Number { get; init; }
    /// <summary>Grows by one at each change; operations name the version they were decided on.</summary>
    public required int Version { get; init; }
    public required string RuleId { get; init; }
    public required string RuleTitle { get; init; }
    public required string RuleKind { get; init; }
    public required Entity Entity { get; init; }
    /// <summary>A sentence that names the entity. Text from events stands in it: encode it.</summary>
    public required string Title { get; init; }
    public required Severity Severity { get; init; }
    public required AlertStatus Status { get; init; }
    public required Urgency Urgency { get; init; }
    /// <summary>Detections taken.</summary>
    public required long Count { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    /// <summary>When the newest detection's frame was received: the start of the path that push latency measures.</summary>
    public required DateTimeOffset LastReceived { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? Owner { get; init; }
    public Disposition Disposition { get; init; }
    /// <summary>Why it was harmless or wrong.</summary>
    public DispositionCause Cause { get; init; }
    /// <summary>Out of sight until this instant; null where it is not shelved.</summary>
    public DateTimeOffset? ShelvedUntil { get; init; }
    public string? ShelvedReason { get; init; }
    public string? AssetId { get; init; }
    public string? AssetName { get; init; }
    public AssetImportance Importance { get; init; }
    public long? IncidentId { get; init; }
    public string? IncidentNumber { get; init; }
    /// <summary>Sigma tags, ATT&amp;CK among them ("attack.t1110.001").</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>A detection kept with an alert. The alert's first and its newest <see cref="AlertingOptions.EvidencePerAlert"/> are kept.</summary>
/// <param name="EventJson">The event as ECS JSON, cut to nothing where it exceeds <see cref="MaxEventBytes"/>; null for a detection about absence.</param>
/// <param name="EventId">Id in the event store, or null.</param>
public sealed record AlertEvidence(
    string DetectionId, DateTimeOffset Time, DateTimeOffset Received, Severity Severity, string Summary, Entity Entity,
    IReadOnlyList<Entity> Related, string? EventId, string? EventJson, IReadOnlyList<MatchedField> Matched, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Largest event kept with an alert, UTF-8 bytes; a larger one is in the event store under its id.</summary>
    public const int MaxEventBytes = 64 * 1024;

    /// <summary>The numbers to draw, or null.</summary>
    public DetectionChart? Chart { get; init; }
}

/// <summary>Something done to an alert, oldest first in lists.</summary>
/// <param name="Action">"acknowledge", "assign", "escalate", "dismiss", "shelve", "unshelve", "undo".</param>
public sealed record AlertOperation(long Id, string Action, string Actor, string Reason, DateTimeOffset At, bool Undone);

/// <summary>One alert with everything a page shows of it.</summary>
public sealed record AlertDetail
{
    public required AlertSummary Summary { get; init; }
    /// <summary>What the rule looks for, in plain words.</summary>
    public required string RuleDescription { get; init; }
    public required IReadOnlyList<string> FalsePositives { get; init; }
    /// <summary>The first detection, then the newest ones, newest first.</summary>
    public required IReadOnlyList<AlertEvidence> Evidence { get; init; }
    public required IReadOnlyList<Entity> Related { get; init; }
    public required IReadOnlyList<AlertOperation> Operations { get; init; }
    /// <summary>What to do, by the rule's ATT&amp;CK tags.</summary>
    public required IReadOnlyList<string> Advice { get; init; }
    public Asset? Asset { get; init; }
    /// <summary>How often the rule was right so far; null where none of its alerts was closed.</summary>
    public RuleRecord? Record { get; init; }
    /// <summary>True where <see cref="IAlertService.UndoAsync"/> has something to take back.</summary>
    public required bool CanUndo { get; init; }
}

/// <summary>An earlier alert of the same rule or about the same entity, and how it ended.</summary>
public sealed record SimilarAlert(AlertSummary Alert, bool SameRule, bool SameEntity, string? ClosedBy, string? ClosedReason);
