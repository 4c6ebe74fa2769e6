using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Observables;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting;

/// <summary>What states and kinds are called within a sentence, so that the sentence can be said in another language as a whole.</summary>
internal static class Names
{
    public static Phrase Of(Severity severity) => severity switch
    {
        Severity.Critical => (Phrase)"Critical",
        Severity.High => "High",
        Severity.Medium => "Medium",
        Severity.Low => "Low",
        _ => "Informational",
    };

    public static Phrase Lower(Severity severity) => severity switch
    {
        Severity.Critical => (Phrase)"critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "informational",
    };

    public static Phrase Of(EntityKind kind) => kind switch
    {
        EntityKind.Host => (Phrase)"Host",
        EntityKind.User => "User",
        EntityKind.Address => "Address",
        EntityKind.Source => "Source",
        _ => "Other",
    };

    public static Phrase Of(Disposition disposition) => disposition switch
    {
        Disposition.TruePositive => (Phrase)"TruePositive",
        Disposition.Benign => "Benign",
        Disposition.FalsePositive => "FalsePositive",
        Disposition.Duplicate => "Duplicate",
        Disposition.Drill => "Drill",
        _ => "Undetermined",
    };

    public static Phrase Of(IncidentStatus status) => status switch
    {
        IncidentStatus.Detect => (Phrase)"Detect",
        IncidentStatus.Respond => "Respond",
        IncidentStatus.Recover => "Recover",
        _ => "Closed",
    };

    public static Phrase Lower(IncidentStatus status) => status switch
    {
        IncidentStatus.Detect => (Phrase)"detect",
        IncidentStatus.Respond => "respond",
        IncidentStatus.Recover => "recover",
        _ => "closed",
    };

    public static Phrase Lower(AlertStatus status) => status switch
    {
        AlertStatus.New => (Phrase)"new",
        AlertStatus.Acknowledged => "acknowledged",
        AlertStatus.Escalated => "escalated",
        _ => "closed",
    };

    public static Phrase Lower(ObservableMark mark) => mark switch
    {
        ObservableMark.Indicator => (Phrase)"indicator",
        ObservableMark.Ignored => "ignored",
        _ => "none",
    };

    public static Phrase Lower(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Waiting => (Phrase)"waiting",
        DeliveryStatus.Sending => "sending",
        DeliveryStatus.Sent => "sent",
        _ => "dead",
    };

    public static Phrase Of(ClockState state) => state switch
    {
        ClockState.Waiting => (Phrase)"Waiting",
        ClockState.Running => "Running",
        ClockState.Sent => "Sent",
        _ => "Withdrawn",
    };

    public static Phrase Lower(ClockState state) => state switch
    {
        ClockState.Waiting => (Phrase)"waiting",
        ClockState.Running => "running",
        ClockState.Sent => "sent",
        _ => "withdrawn",
    };

    public static Phrase Of(WarningState state) => state switch
    {
        WarningState.Draft => (Phrase)"Draft",
        WarningState.Issued => "Issued",
        WarningState.Adjusted => "Adjusted",
        _ => "Lifted",
    };

    public static Phrase Of(IncidentLinkKind kind) => kind switch
    {
        IncidentLinkKind.Duplicate => (Phrase)"Duplicate",
        IncidentLinkKind.CausedBy => "CausedBy",
        IncidentLinkKind.Caused => "Caused",
        IncidentLinkKind.Merged => "Merged",
        IncidentLinkKind.Split => "Split",
        _ => "Related",
    };

    public static Phrase Of(TimelineKind kind) => kind switch
    {
        TimelineKind.Alert => (Phrase)"Alert",
        TimelineKind.Incident => "Incident",
        TimelineKind.Warning => "Warning",
        TimelineKind.Playbook => "Playbook",
        TimelineKind.Note => "Note",
        TimelineKind.Task => "Task",
        TimelineKind.Comment => "Comment",
        TimelineKind.Evidence => "Evidence",
        TimelineKind.Custody => "Custody",
        TimelineKind.HandOver => "HandOver",
        _ => "Report",
    };

    public static Phrase Of(WarningLevel level) => level switch
    {
        WarningLevel.Red => (Phrase)"Red",
        WarningLevel.Orange => "Orange",
        WarningLevel.Yellow => "Yellow",
        WarningLevel.Blue => "Blue",
        _ => "None",
    };

    public static Phrase Of(RunStatus status) => status switch
    {
        RunStatus.Running => (Phrase)"Running",
        RunStatus.Paused => "Paused",
        RunStatus.Completed => "Completed",
        RunStatus.Failed => "Failed",
        _ => "Cancelled",
    };

    public static Phrase Of(StepStatus status) => status switch
    {
        StepStatus.Pending => (Phrase)"Pending",
        StepStatus.Delayed => "Delayed",
        StepStatus.Running => "Running",
        StepStatus.WaitingForApproval => "WaitingForApproval",
        StepStatus.WaitingForPerson => "WaitingForPerson",
        StepStatus.NeedsPerson => "NeedsPerson",
        StepStatus.Succeeded => "Succeeded",
        StepStatus.Failed => "Failed",
        StepStatus.Skipped => "Skipped",
        _ => "Cancelled",
    };
}
