using Beacon.Events;

namespace Beacon.Alerting.Alerts.Exceptions;

public enum ExceptionKind
{
    /// <summary>Detections of one rule that fit conditions are not alerts.</summary>
    Exception,
    /// <summary>A rule, an entity, or one about the other raises no alert for a time (announced work).</summary>
    Suppression,
}

public enum ConditionOperator
{
    /// <summary>The whole value, without case.</summary>
    Equal,
    /// <summary>A part of the value, without case.</summary>
    Contains,
    /// <summary>"*" for any characters, "?" for one, without case.</summary>
    Wildcard,
    /// <summary>An address within a network ("10.0.0.0/8", "2001:db8::/32").</summary>
    Cidr,
}

/// <summary>One of the values must fit. A field that the detection lacks fits nothing.</summary>
/// <param name="Field">
/// "entity": the alert's entity, or the asset's id or name; "related": another host, user or address of the detection; "fact.NAME": one of its numbers;
/// else a field of the event ("process.name").
/// </param>
public sealed record ExceptionCondition(string Field, ConditionOperator Operator, IReadOnlyList<string> Values);

/// <summary>What is asked for.</summary>
/// <param name="RuleId">Null (suppressions only) for every rule.</param>
/// <param name="Conditions">All must fit.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="StartsAt">Null for now.</param>
/// <param name="ExpiresAt">At most 366 days ahead, of a suppression 31.</param>
public sealed record ExceptionDraft(
    ExceptionKind Kind, string? RuleId, IReadOnlyList<ExceptionCondition> Conditions, string Owner, string Reason, DateTimeOffset? StartsAt, DateTimeOffset ExpiresAt);

/// <summary>What keeps detections from becoming alerts, by whom, why and until when, with what it hid so far.</summary>
public sealed record ExceptionEntry
{
    public required long Id { get; init; }
    public required int Version { get; init; }
    public required ExceptionKind Kind { get; init; }
    public string? RuleId { get; init; }
    public required IReadOnlyList<ExceptionCondition> Conditions { get; init; }
    public required string Owner { get; init; }
    public required string Reason { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>Ended by a person before its time.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public string? EndedBy { get; init; }
    /// <summary>Detections that it hid.</summary>
    public required long Hidden { get; init; }
    public DateTimeOffset? LastHidden { get; init; }
    /// <summary>Neither expired nor ended.</summary>
    public required bool Active { get; init; }
}

/// <summary>A detection that became no alert. The newest of each exception are kept; all are counted.</summary>
public sealed record HiddenDetection(
    long ExceptionId, long Ordinal, string DetectionId, string RuleId, string RuleTitle, Severity Severity, Entity Entity, DateTimeOffset Time, DateTimeOffset HiddenAt, string Summary, string? EventId);
