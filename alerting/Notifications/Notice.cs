using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Notifications;

/// <summary>What a person is told of.</summary>
public enum NoticeKind
{
    WarningIssued,
    WarningChanged,
    /// <summary>Nobody acknowledged a warning in time.</summary>
    WarningUnacknowledged,
    WarningLifted,
    /// <summary>A draft or a proposed level waits for a person.</summary>
    SignatureWanted,
    /// <summary>A playbook step waits for somebody's approval.</summary>
    ApprovalWanted,
    /// <summary>A playbook step waits for a person, or cannot go on without one.</summary>
    StepWaiting,
    /// <summary>A statutory report is due soon.</summary>
    ClockDue,
    /// <summary>A statutory report is late.</summary>
    ClockOverdue,
    IncidentAssigned,
    HandOver,
    /// <summary>An exception ends soon: what it hid will be alerts again.</summary>
    ExceptionExpiring,
}

/// <summary>One thing that people are told outside the console: queued in the transaction of what it tells of, sent afterwards.</summary>
/// <param name="Audience">Role ("supervisor") or person ("person:ann") it concerns.</param>
/// <param name="Level">Of the warning behind it; decides whether quiet hours hold it back.</param>
/// <param name="Subject">One line, at most 300 UTF-16 units. Text from events may stand in it: encode it.</param>
/// <param name="Text">At most 4,000 UTF-16 units.</param>
/// <param name="Reference">"warning:3", "incident:7", "run:…/step", "clock:5".</param>
/// <param name="Key">A second notice with the key of an earlier one is not queued: "warning:3/issued", "warning:3/unacknowledged/2".</param>
public sealed record Notice(NoticeKind Kind, string Audience, WarningLevel Level, string Subject, string Text, string Reference, string Key)
{
    public const int MaxSubjectLength = 300;
    public const int MaxTextLength = 4_000;
}
